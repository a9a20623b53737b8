/** Longer lines are cut: one line cannot flood a terminal or a log file. */
const LONGEST_LINE = 2_000;
const HIDDEN = new Set(['level', 'time', 'pid', 'hostname', 'service', 'instance', 'msg', 'err', 'v']);
const COLOURS = [36, 35, 33, 32, 34, 96, 95];
const LEVEL_COLOURS: Readonly<Record<string, number>> = { warn: 33, error: 31, fatal: 31 };

export interface LogStyle {
  colour: boolean;
  /** Names are padded to it. */
  width: number;
}

/**
 * One readable line from what a process wrote: `10:31:07 gateway  connected venue=binance`. JSON lines of pino
 * lose what the prefix already says; anything else is shown as it is.
 */
export function formatLogLine(name: string, line: string, style: LogStyle, now: number): string {
  const entry = parse(line);
  const time = typeof entry?.time === 'string' ? entry.time : new Date(now).toISOString();
  const level = typeof entry?.level === 'string' ? entry.level : 'info';
  const paint = (text: string, code: number | undefined) =>
    style.colour && code !== undefined ? `\u001b[${code}m${text}\u001b[0m` : text;
  const text = entry === undefined ? line.trimEnd() : describe(entry, level);
  const cut =
    text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)} ... (${text.length} characters)` : text;
  const prefix = `${time.slice(11, 19)} ${paint(name.padEnd(style.width), colourOf(name))}`;
  return `${prefix} ${paint(cut, LEVEL_COLOURS[level])}`;
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function describe(entry: Record<string, unknown>, level: string): string {
  const loud = level === 'info' ? '' : `${level.toUpperCase()} `;
  const details = Object.entries(entry)
    .filter(([key]) => !HIDDEN.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const error = entry.err as { message?: unknown } | undefined;
  const reason = error === undefined ? [] : [`(${String(error?.message ?? JSON.stringify(error))})`];
  return [`${loud}${String(entry.msg ?? '')}`, ...reason, ...details].join(' ').trim();
}

/** The same name always has the same colour. */
function colourOf(name: string): number | undefined {
  const sum = [...name].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  return COLOURS[sum % COLOURS.length];
}
