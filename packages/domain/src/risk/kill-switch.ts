/** The platform's emergency stop: `entries` lets positions only be closed, `everything` lets no order pass. */
export interface KillSwitch {
  readonly entries: boolean;
  readonly everything: boolean;
}

export const KILL_SWITCH_OFF: KillSwitch = { entries: false, everything: false };

/** Reads the stored setting; anything unreadable is a pulled switch, for safety. */
export function killSwitchOf(value: unknown): KillSwitch {
  if (value === undefined || value === null) return KILL_SWITCH_OFF;
  if (typeof value !== 'object') return { entries: true, everything: true };
  const { entries = false, everything = false } = value as { entries?: unknown; everything?: unknown };
  return { entries: entries !== false, everything: everything !== false };
}
