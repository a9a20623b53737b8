import type { KillsReport } from './leader-kills.ts';
import { median } from './memory.ts';
import type { WeekReport } from './week.ts';

type Say = (line: string) => void;

export function printWeek(report: WeekReport, say: Say): void {
  const list = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  say(`seed ${report.seed}: ${verdict(report.breaches)} in ${report.seconds.toFixed(0)} s`);
  say(`  faults      ${list(report.faults)}`);
  say(
    `  candles     ${report.candles} compared; ${report.delivered} delivered, ${report.corrected} corrected`,
  );
  say(`  agreed      ${report.settledMs === null ? 'never' : `${report.settledMs} ms after the last fault`}`);
  say(`  frames      ${report.frames}, bad ${report.badFrames}, gaps found ${report.gapsFound}`);
  say(
    `  sockets     ${list(report.maxConnections)} at most; longest replacement ${report.longestOverlapMs} ms`,
  );
  for (const { process, samples, settled, end, peak } of report.memory) {
    const mib = (value: number) => value.toFixed(0);
    say(
      `  memory      ${process}: ${mib(settled)} -> ${mib(end)} MiB, peak ${mib(peak)} (${samples} samples)`,
    );
  }
  for (const breach of report.breaches) say(`  BREACH      ${breach}`);
}

export function printKills(report: KillsReport, say: Say): void {
  const spread = (values: readonly number[]) =>
    `median ${median(values)} ms, longest ${Math.max(...values)} ms`;
  say(`${report.roleMs.length} leaders killed: ${verdict(report.breaches)}`);
  say(`  role taken          ${spread(report.roleMs)}`);
  say(`  first candle stored ${spread(report.candleMs)}`);
  say(`  candles             ${report.candles} compared; ${report.delivered} delivered once`);
  say(
    `  sockets             ${Object.entries(report.maxConnections)
      .map(([venue, count]) => `${venue} ${count}`)
      .join(', ')} at most`,
  );
  for (const breach of report.breaches) say(`  BREACH              ${breach}`);
}

const verdict = (breaches: readonly string[]): string =>
  breaches.length === 0 ? 'all holds' : `${breaches.length} BREACHES`;
