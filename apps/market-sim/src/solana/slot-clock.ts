const SLOT_MS = 400;
/** A slot of July 2026, where the recorded frames are. */
const FIRST_SLOT = 430_727_484;
/** Blocks older than this are final. */
const ROOT_DEPTH = 31;

export interface SlotClock {
  slot(): number;
  root(): number;
  /** Wall ms until the next slot. */
  untilNext(): number;
}

/** Slots of 400 ms of wall time. */
export function createSlotClock(wallNow: () => number): SlotClock {
  const from = wallNow();
  const slot = () => FIRST_SLOT + Math.floor((wallNow() - from) / SLOT_MS);
  return {
    slot,
    root: () => slot() - ROOT_DEPTH,
    untilNext: () => SLOT_MS - ((wallNow() - from) % SLOT_MS),
  };
}
