import type { Random } from '../random.ts';

/** Values that a careless reader stumbles over. */
const HOSTILE: readonly [unknown, ...unknown[]] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e21,
  1e308,
  -1e-9,
  2_147_483_648,
  9_007_199_254_740_992,
  '',
  '0',
  '-0',
  '-1',
  '1e5',
  'NaN',
  'Infinity',
  ' 1 ',
  '1.',
  '.5',
  '+1',
  '0x10',
  '00001.10',
  '9'.repeat(40),
  `0.${'1'.repeat(30)}`,
  '1'.repeat(400),
  '\u0000',
  '\ud800',
  '\u202e',
  "'; drop table candles; --",
  '__proto__',
  'BTCUSDT',
  '1m',
  'kline',
  'create',
  'pump',
  [],
  {},
  [[[[]]]],
  { toString: 'x', length: -1 },
];
const CHARACTERS = '{}[]",:0123456789.-eEtfn\\u \n\t\u0000é💥xXkK';

/** Changes a frame a little: its text, or a value, key or order of its JSON. Sometimes more than once. */
export function mutate(text: string, random: Random): string {
  let mutated = text;
  const times = random.pick([1, 1, 1, 2, 3]);
  for (let time = 0; time < times; time += 1) {
    mutated = random.next() < 0.3 ? mutateText(mutated, random) : mutateJson(mutated, random);
  }
  return mutated;
}

function mutateText(text: string, random: Random): string {
  const at = random.between(0, text.length);
  const to = Math.min(text.length, at + random.between(1, 24));
  const character = CHARACTERS.charAt(random.between(0, CHARACTERS.length - 1));
  return random.pick<() => string>([
    () => text.slice(0, at),
    () => text.slice(at),
    () => text.slice(0, at) + text.slice(to),
    () => text.slice(0, to) + text.slice(at),
    () => text.slice(0, at) + character + text.slice(at + 1),
    () => text.slice(0, at) + character + text.slice(at),
    () => text + text,
    () => `[${text}]`,
    () => `${text} `,
  ])();
}

/** A place in a JSON value: the container and the key in it. */
interface Place {
  container: Record<string, unknown> | unknown[];
  key: string;
}

function mutateJson(text: string, random: Random): string {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return mutateText(text, random);
  }
  const places = placesOf(frame);
  const [first, ...rest] = places;
  if (first === undefined) return mutateText(text, random);
  const { container, key } = random.pick([first, ...rest]);
  const other = random.pick([first, ...rest]);
  const values = container as Record<string, unknown>;
  const value = values[key];
  random.pick<() => void>([
    () => set(container, key, random.pick(HOSTILE)),
    () => set(container, key, random.pick(HOSTILE)),
    () => set(container, key, nudged(value, random)),
    () => set(container, key, nudged(value, random)),
    () => {
      if (Array.isArray(container)) container.splice(Number(key), 1);
      else delete container[key];
    },
    () => {
      set(container, key, (other.container as Record<string, unknown>)[other.key]);
    },
    () => {
      if (Array.isArray(container)) return;
      delete container[key];
      const changed = key === key.toUpperCase() ? key.toLowerCase() : key.toUpperCase();
      set(container, changed, value);
    },
    () => set(container, key, typeof value === 'string' ? Number(value) : JSON.stringify(value)),
    () =>
      set(container, random.pick(['extra', '__proto__', 'constructor', 'txType', 'e']), random.pick(HOSTILE)),
  ])();
  try {
    return JSON.stringify(frame) ?? '';
  } catch {
    // A value was put into itself.
    return mutateText(text, random);
  }
}

/** Also `__proto__` becomes a key of its own, as in a parsed text. */
function set(container: Place['container'], key: string, value: unknown): void {
  Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Near the truth: the kind of wrong that looks right. */
function nudged(value: unknown, random: Random): unknown {
  if (typeof value === 'number') {
    return random.pick([value + 1, value - 1, value * 2, -value, value / 3, value + 60_000, value * 1e6]);
  }
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string' || value === '') return value;
  if (/^\d+(\.\d+)?$/.test(value)) {
    return random.pick([
      `-${value}`,
      `${value}0`,
      `0${value}`,
      value.replace('.', ','),
      String(Number(value) * random.pick([0, 0.5, 2, 1e-12, 1e12])),
      value.slice(0, -1),
    ]);
  }
  const at = random.between(0, value.length - 1);
  const character = CHARACTERS.charAt(random.between(0, CHARACTERS.length - 1));
  return value.slice(0, at) + character + value.slice(at + 1);
}

/** Every place of a value, containers included; bounded, since a mutation may have made it large. */
function placesOf(frame: unknown): Place[] {
  const places: Place[] = [];
  const waiting: unknown[] = [frame];
  while (waiting.length > 0 && places.length < 2_000) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    for (const key of Object.keys(value)) {
      places.push({ container: value as Place['container'], key });
      waiting.push((value as Record<string, unknown>)[key]);
    }
  }
  return places;
}
