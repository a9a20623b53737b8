import { VENUES, type Venue } from '@onefeed/contracts';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const LAG_BUCKETS_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * Every metric of the gateway. Labels have few values: venues, frame kinds, reasons. `sockets` tells, at the
 * moment of a scrape, how many sockets there are.
 */
export function createFeedMetrics(registry: Registry, sockets: (venue: Venue) => number) {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name: `onefeed_feed_${name}`, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Gauge({ name: `onefeed_feed_${name}`, help, labelNames, registers });
  const lag = (name: string, help: string) =>
    new Histogram({
      name: `onefeed_feed_${name}`,
      help,
      labelNames: ['venue'],
      buckets: LAG_BUCKETS_SECONDS,
      registers,
    });
  return {
    upstreamConnections: new Gauge({
      name: 'onefeed_feed_upstream_connections',
      help: 'Sockets this process holds to a venue.',
      labelNames: ['venue'],
      registers,
      collect() {
        for (const venue of VENUES) this.set({ venue }, sockets(venue));
      },
    }),
    leader: gauge('leader', '1 while this process may hold the venue socket.', ['venue']),
    streams: gauge('streams', 'Candle streams (binance) or followed tokens (pumpfun) subscribed.', ['venue']),
    frames: counter('frames_total', 'Frames received, by kind.', ['venue', 'kind']),
    badFrames: counter('bad_frames_total', 'Frames of no known form, by reason.', ['venue', 'reason']),
    passedOver: counter('passed_over_frames_total', 'Frames understood but not for us, by reason.', [
      'venue',
      'reason',
    ]),
    reconnects: counter('reconnects_total', 'Connections that ended, by cause.', ['venue', 'cause']),
    receiveLag: lag(
      'receive_lag_seconds',
      "Venue's event time to receipt; meaningless with a simulated clock.",
    ),
    publishLag: lag('publish_lag_seconds', 'Receipt of the oldest event of a batch to its publication.'),
    gapsFound: counter('gaps_found_total', 'Times closed candles were found missing.', ['venue']),
    gapsHealed: counter('gaps_healed_total', 'Times missing candles were read from history.', ['venue']),
    candlesStored: counter('candles_stored_total', 'Closed candles stored, new or corrected.', ['source']),
    tokenEvents: counter('token_events_total', 'Token events stored, by kind.', ['kind']),
    eventsDropped: counter('events_dropped_total', 'Token events lost to a full buffer.', []),
    demandRefused: gauge('demand_refused_streams', 'Wanted streams not followed, by reason.', ['reason']),
    rollovers: counter('rollovers_total', 'Sockets replaced while they still delivered, by cause.', [
      'venue',
      'cause',
    ]),
    resubscribed: counter('resubscribed_streams_total', 'Silent streams that were subscribed anew.', [
      'venue',
    ]),
    connectionStates: gauge('connections', 'Connections by state.', ['venue', 'state']),
    staleness: createStaleness(registers),
    holesFound: counter('holes_found_total', "Holes found in a venue's own history.", ['venue']),
    troubled: gauge('troubled_instruments', 'Instruments whose entries are blocked, by trouble.', [
      'venue',
      'trouble',
    ]),
    candlesPruned: counter('candles_pruned_total', 'Closed candles deleted because of their age.', [
      'timeframe',
    ]),
    subscribers: gauge('subscribers', 'Unexpired wishes for candle streams, over all processes.', ['venue']),
    sharedStreams: gauge('shared_streams', 'Distinct candle streams those wishes are for.', ['venue']),
    restRequests: counter('rest_requests_total', 'REST requests ended, by outcome.', ['venue', 'outcome']),
    restWeightLimit: gauge('rest_weight_limit', 'Request weight the venue allows a minute.', []),
    restWaiting: gauge('rest_waiting_requests', 'REST requests held back by the budget or a pause.', []),
    restWeight: gauge('rest_weight_used', "Request weight used in the venue's current minute.", []),
    storeFailures: counter('store_failures_total', 'Batches that Postgres did not take.', ['venue']),
  };
}

/** Wall time since the last bar of each timeframe came, as a gauge read at the scrape; absent before the first. */
function createStaleness(registers: Registry[]) {
  const heardAt = new Map<string, number>();
  const metric = new Gauge({
    name: 'onefeed_feed_stream_silence_seconds',
    help: 'Since the last bar of any stream of a timeframe came.',
    labelNames: ['timeframe'],
    registers,
    collect() {
      const now = Date.now();
      for (const [timeframe, at] of heardAt) metric.set({ timeframe }, Math.max(0, now - at) / 1_000);
    },
  });
  return {
    heard: (timeframe: string, receivedAt: number) => void heardAt.set(timeframe, receivedAt),
    /** Nothing is followed any more. */
    forget() {
      heardAt.clear();
      metric.reset();
    },
  };
}
export type FeedMetrics = ReturnType<typeof createFeedMetrics>;
