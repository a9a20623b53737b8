import { type Static, Type } from 'typebox';
import { Uuid } from '../scalars.ts';

/** Something in a table changed that engine, runner or gateway must re-read. A hint: the tables are the truth. */
export const ControlMessage = Type.Union([
  /** A bot was created, started, stopped or changed: its row in `bots`. */
  Type.Object({ type: Type.Literal('botChanged'), botId: Uuid, shard: Type.Integer({ minimum: 0 }) }),
  /** A user asked to close all positions of a bot: its rows in `bot_commands`. */
  Type.Object({ type: Type.Literal('botCommand'), botId: Uuid, shard: Type.Integer({ minimum: 0 }) }),
  /** The set of wanted candle streams changed: table `stream_demand`. */
  Type.Object({ type: Type.Literal('demandChanged') }),
  /** Platform settings changed (kill switch): table `platform_settings`. */
  Type.Object({ type: Type.Literal('settingsChanged') }),
]);
export type ControlMessage = Static<typeof ControlMessage>;
