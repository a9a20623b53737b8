import { CommonConfig } from '@onefeed/service-kit';
import { type Static, Type } from 'typebox';

export const RunnerConfig = Type.Object({
  ...CommonConfig.properties,
  ENTRY_MAX_AGE_SECONDS: Type.Integer({
    default: 120,
    minimum: 1,
    maximum: 86_400,
    description: 'age in market time past which an entry signal is not acted on (1..86400)',
  }),
  PAPER_SLIPPAGE_BPS: Type.Integer({
    default: 5,
    minimum: 0,
    maximum: 1_000,
    description: 'basis points by which an exchange moves against a paper order (0..1000)',
  }),
});
export type RunnerConfig = Static<typeof RunnerConfig>;
