import type { CreateBot, ExitPlan, LegacyBotStart, Venue } from '@onefeed/contracts';
import { builtInStrategy } from '@onefeed/domain';
import { ApiFailure } from '../http/api-failure.ts';
import { RISK_PRESETS } from './risk-presets.ts';

/**
 * An older client's settings as a bot of today. Token strategies trade every pump.fun token, candle strategies the
 * always-on instruments of Binance. `tp_config` for FIXED: sell all at a gain of `initial_percent`; for TRAILING:
 * armed at a gain of `initial_percent`, `step_percent` below the high.
 */
export function toBotRequest({ config }: LegacyBotStart, alwaysOn: readonly string[]): CreateBot {
  const strategy = builtInStrategy(config.strategy);
  if (!strategy) throw new ApiFailure('UNKNOWN_STRATEGY');
  const venue: Venue = strategy.kind === 'token' ? 'pumpfun' : 'binance';
  const preset = RISK_PRESETS[config.risk_level];
  return {
    name: strategy.title,
    venue,
    instruments: venue === 'binance' ? [...alwaysOn] : [],
    strategyId: strategy.name,
    mode: 'paper',
    stake: preset.stake,
    exitPlan: { stopLossPercent: preset.stopLossPercent[venue], ...takeProfit(config) },
    risk: preset.risk,
  };
}

function takeProfit({
  tp_strategy,
  tp_config,
}: LegacyBotStart['config']): Pick<ExitPlan, 'takeProfit' | 'trailing'> {
  switch (tp_strategy) {
    case 'FIXED':
      return { takeProfit: { type: 'FIXED', gainPercent: tp_config.initial_percent } };
    case 'TRAILING':
      return {
        takeProfit: { type: 'TRAILING' },
        trailing: { activatePercent: tp_config.initial_percent, distancePercent: tp_config.step_percent },
      };
    case 'PROGRESSIVE_AFTER_MIGRATION':
      return {
        takeProfit: {
          type: 'PROGRESSIVE_AFTER_MIGRATION',
          initialPercent: tp_config.initial_percent,
          stepPercent: tp_config.step_percent,
          stepInterval: tp_config.step_interval,
          stepUnit: 'seconds',
        },
      };
  }
}
