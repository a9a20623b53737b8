/** Lines a second that a process may put on the terminal; what is above is counted and told. */
const LINES_PER_SECOND = 50;

export interface LogGate {
  /** What to print instead of the line: itself, nothing, or first a note about the lines left out. */
  admit(line: string): string[];
}

/** Bounds the output of one process that fails in a loop (I10); the others stay readable. */
export function createLogGate(now: () => number): LogGate {
  let second = 0;
  let printed = 0;
  let left = 0;
  return {
    admit(line) {
      const current = Math.floor(now() / 1_000);
      const note =
        current !== second && left > 0
          ? [`${left} lines left out: more than ${LINES_PER_SECOND} a second`]
          : [];
      if (current !== second) {
        second = current;
        printed = 0;
        left = 0;
      }
      if (printed >= LINES_PER_SECOND) {
        left++;
        return note;
      }
      printed++;
      return [...note, line];
    },
  };
}
