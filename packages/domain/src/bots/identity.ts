import { hash128 } from './hash128.ts';

/** The shard of a bot: the same for the bot's whole life, whoever asks. `shards` is fixed for a database. */
export const shardOfBot = (botId: string, shards: number): number =>
  Number.parseInt(hash128(botId).slice(0, 8), 16) % shards;

/** A hash in the form of a version 8 UUID (RFC 9562: application-defined content). */
function uuidOf(text: string): string {
  const h = hash128(text);
  const variant = ((Number.parseInt(h.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-8${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20)}`;
}

/** The position that a bot opens on a signal: always the same one (I4). */
export const positionIdOf = (botId: string, signalId: string): string =>
  uuidOf(`position:${botId}:${signalId}`);

/** Short codes of the legs, so that 32 hex digits and a code fit a venue's 36 characters. */
const LEG_CODES: Readonly<Record<string, string>> = {
  entry: 'en',
  tp: 'tp',
  sl: 'sl',
  trail: 'tr',
  time: 'ti',
  signal: 'sg',
  user: 'us',
};

function legCode(leg: string): string {
  const fixed = LEG_CODES[leg];
  if (fixed !== undefined) return fixed;
  const numbered = /^(ladder|prog)-(\d{1,3})$/.exec(leg);
  if (numbered === null) throw new RangeError(`unknown leg: ${leg}`);
  return `${numbered[1] === 'ladder' ? 'l' : 'p'}${numbered[2]}`;
}

/**
 * The id a venue knows an order by: the position's digits and the leg (`entry` or an exit's name). At most 36
 * characters of [0-9a-z]; unique over the platform because position ids are.
 */
export const clientIdOf = (positionId: string, leg: string): string =>
  positionId.replaceAll('-', '') + legCode(leg);

/** The row id of an order, from its client id. */
export const orderIdOf = (clientId: string): string => uuidOf(`order:${clientId}`);
