import { runProcess } from '@onefeed/service-kit';
import { buildSimulator } from './build.ts';
import { SimConfig, withFlags } from './config.ts';
import { FaultPlanError } from './control/fault-plan.ts';
import { ReplayFileError } from './market/replay-file.ts';

await runProcess({
  service: 'market-sim',
  config: SimConfig,
  internalPort: 9105,
  env: environment(),
  build: (config, kit) =>
    buildSimulator(config, kit).catch((error: unknown) => {
      if (error instanceof ReplayFileError || error instanceof FaultPlanError) exitMisconfigured(error);
      throw error;
    }),
});

function environment() {
  try {
    return withFlags(process.env, process.argv.slice(2));
  } catch (error) {
    return exitMisconfigured(error);
  }
}

function exitMisconfigured(error: unknown): never {
  process.stderr.write(`market-sim: ${error instanceof Error ? error.message : error}\n`);
  process.exit(2);
}
