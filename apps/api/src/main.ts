import { runProcess } from '@onefeed/service-kit';
import { buildApi } from './build.ts';
import { API_CONFIG_GROUPS, ApiConfig } from './config.ts';

await runProcess({
  service: 'api',
  config: ApiConfig,
  together: API_CONFIG_GROUPS,
  internalPort: 9104,
  build: buildApi,
});
