/** Collects what happens, so that tests wait for events instead of sleeping. */
export interface EventMonitor<Event> {
  /** Give this to the code under test. */
  push(event: Event): void;
  /** Everything so far, oldest first. */
  readonly all: readonly Event[];
  /** The next event nobody has awaited yet (already there, or to come) that matches; earlier ones are skipped. */
  awaitNext<Wanted extends Event>(
    matches: (event: Event) => event is Wanted,
    withinMs?: number,
  ): Promise<Wanted>;
  awaitNext(matches?: (event: Event) => boolean, withinMs?: number): Promise<Event>;
  /** Asks the condition after every event (and a few times a second, for state changed without one). */
  waitUntil(condition: () => boolean | Promise<boolean>, withinMs?: number): Promise<void>;
}

/** Generous: only a failing test ever waits so long. */
const PATIENCE_MS = 10_000;
const ASK_EVERY_MS = 100;

/** `name` appears in the failure: "orders: nothing that matches came within 10000 ms (3 events: ...)". */
export function createEventMonitor<Event>(name: string): EventMonitor<Event> {
  const all: Event[] = [];
  const waiting = new Set<() => void>();
  let position = 0;
  const failure = (what: string, ms: number) =>
    new Error(
      `${name}: ${what} within ${ms} ms (${all.length} events; the last: ${describe(all.slice(-3))})`,
    );

  const poll = async (attempt: () => boolean | Promise<boolean>, what: string, withinMs: number) => {
    const deadline = performance.now() + withinMs;
    while (!(await attempt())) {
      if (performance.now() > deadline) throw failure(what, withinMs);
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, Math.min(ASK_EVERY_MS, Math.max(1, deadline - performance.now())));
        waiting.add(wake);
      });
    }
  };

  return {
    all,
    push(event) {
      all.push(event);
      for (const wake of [...waiting]) wake();
    },
    async awaitNext(matches: (event: Event) => boolean = () => true, withinMs = PATIENCE_MS) {
      let found: { event: Event } | undefined;
      const attempt = () => {
        while (found === undefined && position < all.length) {
          const event = all[position++] as Event;
          if (matches(event)) found = { event };
        }
        return found !== undefined;
      };
      await poll(attempt, 'nothing that matches came', withinMs);
      return (found as unknown as { event: Event }).event;
    },
    waitUntil: (condition, withinMs = PATIENCE_MS) =>
      poll(condition, 'the condition did not come true', withinMs),
  } as EventMonitor<Event>;
}

function describe(events: readonly unknown[]): string {
  return events
    .map((event) =>
      JSON.stringify(event, (_key, value) => (typeof value === 'bigint' ? `${value}n` : value))?.slice(
        0,
        200,
      ),
    )
    .join(' ');
}
