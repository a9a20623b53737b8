export interface Stat {
  readonly key: string;
  readonly label: string;
  readonly value: string;
}

/**
 * The figures of an open-ended record as flat, labelled texts, nested records included: services may say
 * new things of themselves without a change here.
 */
export function statList(record: Readonly<Record<string, unknown>>, prefix = ''): Stat[] {
  return Object.entries(record).flatMap(([name, value]) => {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    if (value === null || value === undefined) return [];
    if (Array.isArray(value))
      return [{ key, label: words(key), value: value.map(String).join(', ') || 'none' }];
    if (typeof value === 'object') return statList(value as Record<string, unknown>, key);
    return [{ key, label: words(key), value: show(name, value) }];
  });
}

/** The first number in the record (nested ones included) whose name matches. */
export function findNumber(
  record: Readonly<Record<string, unknown>> | undefined,
  name: RegExp,
): number | null {
  for (const [key, value] of Object.entries(record ?? {})) {
    if (typeof value === 'number' && name.test(key)) return value;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const nested = findNumber(value as Record<string, unknown>, name);
      if (nested !== null) return nested;
    }
  }
  return null;
}

/** `lastFrameAt` and `last_frame_at` both as `last frame at`. */
function words(key: string): string {
  return key
    .replaceAll(/[._-]/g, ' ')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase();
}

function show(name: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'number') return String(value);
  const moment = /(At|_at|Time|_time|Update)$/.test(name) && value > 1e12;
  if (moment) return new Date(value).toISOString().slice(11, 19);
  return new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 }).format(value);
}
