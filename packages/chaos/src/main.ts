import { parseArgs } from 'node:util';
import { openDatabase } from './database.ts';
import { killLeaders, TAKEOVER_LIMIT_MS } from './leader-kills.ts';
import { printKills, printWeek } from './print.ts';
import { runWeek } from './week.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', multiple: true },
    days: { type: 'string', default: '7' },
    speed: { type: 'string' },
    count: { type: 'string', default: '50' },
  },
});
const say = (line: string) => console.log(line);
const seeds = (values.seed ?? ['1', '2', '3']).map(Number);
const INSTRUMENTS = ['BTCUSDT', 'ETHUSDT'];
let breaches = 0;

const database = await openDatabase();
try {
  if (positionals[0] === 'leader-kills') {
    const report = await killLeaders({
      databaseUrl: await database.create('kills'),
      seed: seeds[0] ?? 1,
      count: Number(values.count),
      speed: Number(values.speed ?? 120),
      instruments: INSTRUMENTS,
      limitMs: TAKEOVER_LIMIT_MS,
      say,
    });
    printKills(report, say);
    breaches += report.breaches.length;
  } else {
    for (const seed of seeds) {
      const report = await runWeek({
        databaseUrl: await database.create(`week_${seed}`),
        seed,
        days: Number(values.days),
        speed: Number(values.speed ?? 5_040),
        instruments: INSTRUMENTS,
        faultEveryMs: 2_000,
        say,
      });
      printWeek(report, say);
      breaches += report.breaches.length;
    }
  }
} finally {
  await database.stop();
}
process.exit(breaches === 0 ? 0 : 1);
