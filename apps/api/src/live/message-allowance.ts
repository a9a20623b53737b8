const BURST = 60;
const PER_SECOND = 10;

/** How much a client may say: 60 messages at once, 10 a second in the long run. */
export interface MessageAllowance {
  /** False when this message is one too many. */
  take(): boolean;
}

export function createMessageAllowance(now: () => number): MessageAllowance {
  let left = BURST;
  let at = now();
  return {
    take: () => {
      const time = now();
      left = Math.min(BURST, left + ((time - at) / 1_000) * PER_SECOND);
      at = time;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
