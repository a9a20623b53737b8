import { runProcess } from '@onefeed/service-kit';
import { buildAnalysisEngine } from './build.ts';
import { AnalysisEngineConfig } from './config.ts';

await runProcess({
  service: 'analysis-engine',
  config: AnalysisEngineConfig,
  internalPort: 9102,
  build: buildAnalysisEngine,
});
