import { type Figure, median } from './benchmark.ts';
import { feed } from './feed.ts';
import { start } from './start.ts';

const BENCHMARKS = [start, feed];

const args = process.argv.slice(2);
const asJson = args.includes('--json');
const wanted = args.filter((argument) => argument !== '--json');
const unknown = wanted.filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no benchmark ${unknown.join(', ')}; there are: ${BENCHMARKS.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}

for (const benchmark of BENCHMARKS) {
  if (wanted.length > 0 && !wanted.includes(benchmark.name)) continue;
  const figures = await benchmark.run();
  if (asJson) {
    console.log(JSON.stringify({ name: benchmark.name, about: benchmark.about, figures }));
  } else {
    console.log(`\n${benchmark.name}: ${benchmark.about}`);
    for (const figure of figures) console.log(line(figure));
  }
}

function line({ name, unit, values, comparedWith }: Figure): string {
  const middle = median(values);
  const ratio = (middle / comparedWith.value).toFixed(2);
  const all = values.map((value) => value.toFixed(0)).join(', ');
  return `  ${name.padEnd(32)} ${middle.toFixed(0).padStart(8)} ${unit}   ${comparedWith.name} ${comparedWith.value} ${unit}   ratio ${ratio}   (${all})`;
}
