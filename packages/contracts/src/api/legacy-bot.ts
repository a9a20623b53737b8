import { type Static, Type } from 'typebox';
import { RiskLevel } from '../bot.ts';

/** `POST /api/bot/start`, in the exact shape older clients send. */
export const LegacyBotStart = Type.Object(
  {
    config: Type.Object(
      {
        strategy: Type.String({ minLength: 1, maxLength: 64 }),
        risk_level: RiskLevel,
        tp_strategy: Type.Union([
          Type.Literal('PROGRESSIVE_AFTER_MIGRATION'),
          Type.Literal('FIXED'),
          Type.Literal('TRAILING'),
        ]),
        tp_config: Type.Object(
          {
            initial_percent: Type.Number({ exclusiveMinimum: 0, maximum: 100 }),
            step_percent: Type.Number({ exclusiveMinimum: 0, maximum: 100 }),
            step_interval: Type.Number({ exclusiveMinimum: 0, maximum: 86_400 }),
          },
          { additionalProperties: false },
        ),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);
export type LegacyBotStart = Static<typeof LegacyBotStart>;

export const LegacyBotStarted = Type.Object({
  success: Type.Literal(true),
  message: Type.String(),
  bot_id: Type.String(),
});
export const LegacyBotStopped = Type.Object({
  success: Type.Literal(true),
  message: Type.String(),
  bot_id: Type.String(),
});
/** `bot` is null when the caller never started one. */
export const LegacyBotStatus = Type.Object({
  success: Type.Literal(true),
  running: Type.Boolean(),
  bot: Type.Union([
    Type.Null(),
    Type.Object({
      bot_id: Type.String(),
      strategy: Type.String(),
      uptime_seconds: Type.Integer(),
      signals_received: Type.Integer(),
      open_positions: Type.Integer(),
      completed_trades: Type.Integer(),
      profit: Type.String(),
    }),
  ]),
});

export type LegacyBotStarted = Static<typeof LegacyBotStarted>;
export type LegacyBotStopped = Static<typeof LegacyBotStopped>;
export type LegacyBotStatus = Static<typeof LegacyBotStatus>;
