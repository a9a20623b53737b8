/** Time that passes only when a test says so. */
export interface FakeClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Lets time pass: runs every timer that falls due, in order of time (then of creation), each seeing its own
   * due time as now. Between timers pending promises get a turn, so timers that those set are honoured too.
   */
  advance(ms: number): Promise<void>;
  setTimeout(callback: () => void, ms: number): number;
  setInterval(callback: () => void, ms: number): number;
  /** Of a timeout or an interval; an unknown id is ignored. */
  clear(id: number): void;
  /** Timers that wait. */
  pending(): number;
}

interface Timer {
  id: number;
  due: number;
  everyMs?: number;
  callback: () => void;
}

export function createFakeClock(startMs = 1_700_000_000_000): FakeClock {
  let time = startMs;
  let lastId = 0;
  const timers = new Map<number, Timer>();

  const add = (callback: () => void, ms: number, everyMs?: number) => {
    const id = ++lastId;
    timers.set(id, { id, due: time + Math.max(0, ms), callback, ...(everyMs !== undefined && { everyMs }) });
    return id;
  };
  const nextDue = (until: number) =>
    [...timers.values()]
      .filter((timer) => timer.due <= until)
      .sort((left, right) => left.due - right.due || left.id - right.id)[0];

  return {
    now: () => time,
    async advance(ms) {
      const until = time + ms;
      await settle();
      for (let timer = nextDue(until); timer !== undefined; timer = nextDue(until)) {
        time = Math.max(time, timer.due);
        // An interval of 0 ms would never let time pass.
        if (timer.everyMs === undefined) timers.delete(timer.id);
        else timer.due = time + Math.max(1, timer.everyMs);
        timer.callback();
        await settle();
      }
      time = until;
    },
    setTimeout: (callback, ms) => add(callback, ms),
    setInterval: (callback, ms) => add(callback, ms, ms),
    clear: (id) => {
      timers.delete(id);
    },
    pending: () => timers.size,
  };
}

/** A turn of the event loop: all promises that can settle without I/O have. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
