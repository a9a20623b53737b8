import type { KillSwitch } from '@onefeed/contracts';

/** No emergency: `entries` would let positions only be closed, `everything` would let no order pass. */
export const KILL_SWITCH_OFF: KillSwitch = { entries: false, everything: false };
