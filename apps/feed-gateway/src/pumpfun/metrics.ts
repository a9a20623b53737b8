import { Counter, Gauge, type Registry } from 'prom-client';

/** What the pump.fun feed adds to the gateway's metrics. Labels have few values. */
export function createPumpMetrics(registry: Registry) {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name: `onefeed_feed_${name}`, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Gauge({ name: `onefeed_feed_${name}`, help, labelNames, registers });
  return {
    chainBreaks: counter('token_breaks_total', 'Times a trade showed that trades before it were missed.', []),
    unconfirmed: gauge(
      'tokens_unconfirmed',
      'Followed tokens whose entries are blocked: state in doubt.',
      [],
    ),
    confirmed: counter('tokens_confirmed_total', 'Tokens whose doubt ended, by what ended it.', ['by']),
    duplicates: counter('source_duplicates_total', 'Events that were known already, by their source.', [
      'source',
    ]),
    differences: counter('source_differences_total', 'Fields that two sources told differently.', ['field']),
    curveReads: counter('curve_reads_total', 'Requests for curve accounts, by outcome.', ['outcome']),
    quietThreshold: gauge('quiet_threshold_seconds', 'Quiet after which a source is taken for dead.', [
      'source',
    ]),
  };
}
export type PumpMetrics = ReturnType<typeof createPumpMetrics>;
