import { runProcess } from '@onefeed/service-kit';
import { buildSimulator } from './build.ts';
import { SimConfig, withFlags } from './config.ts';

await runProcess({
  service: 'market-sim',
  config: SimConfig,
  internalPort: 9105,
  build: buildSimulator,
  env: flagsOrExit(),
});

function flagsOrExit() {
  try {
    return withFlags(process.env, process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`market-sim: ${error instanceof Error ? error.message : error}\n`);
    process.exit(2);
  }
}
