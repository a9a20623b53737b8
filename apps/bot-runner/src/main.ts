import { runProcess } from '@onefeed/service-kit';
import { buildRunner } from './build.ts';
import { RunnerConfig } from './config.ts';

await runProcess({ service: 'bot-runner', config: RunnerConfig, internalPort: 9103, build: buildRunner });
