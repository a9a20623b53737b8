import { parseArgs } from 'node:util';
import { createRandom } from '../random.ts';
import { fuzzMappers } from './fuzz.ts';
import { framesAbsent, readFrames } from './recorded-frames.ts';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '150000' }, seed: { type: 'string', default: '1' } },
});
if (framesAbsent) {
  console.error('Fuzzing needs the recorded frames of ../shared (data and protocols/samples).');
  process.exit(2);
}
const startedAt = performance.now();
const report = fuzzMappers(readFrames(), Number(values.count), createRandom(Number(values.seed)));
const seconds = (performance.now() - startedAt) / 1_000;
console.log(`${report.frames} frames in ${seconds.toFixed(1)} s, ${report.failed} mapped wrongly`);
for (const [outcome, count] of Object.entries(report.outcomes).sort(([a], [b]) => a.localeCompare(b))) {
  console.log(`  ${outcome.padEnd(40)} ${count}`);
}
for (const failure of report.failures) console.log(`  WRONG ${failure}`);
process.exit(report.failed === 0 ? 0 : 1);
