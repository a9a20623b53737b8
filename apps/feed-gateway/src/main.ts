import { runProcess } from '@onefeed/service-kit';
import { buildFeedGateway } from './build.ts';
import { FeedGatewayConfig } from './config.ts';

await runProcess({
  service: 'feed-gateway',
  config: FeedGatewayConfig,
  internalPort: 9101,
  build: buildFeedGateway,
});
