import { build } from './build.ts';
import { type Config, readConfig } from './config.ts';
import { HELP } from './flags.ts';
import { runUntilStopped } from './run-until-stopped.ts';
import { UsageError } from './usage-error.ts';

try {
  const config: Config = readConfig(process.argv.slice(2));
  if (config.flags.help) {
    process.stdout.write(HELP);
  } else {
    const { platform, release } = await build(config);
    process.exitCode = await runUntilStopped(platform, process).finally(release);
  }
} catch (error) {
  const known = error instanceof UsageError;
  const text = known
    ? error.message
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);
  process.stderr.write(`onefeed: ${text}\n`);
  process.exitCode = known ? error.exitCode : 1;
}
process.exit();
