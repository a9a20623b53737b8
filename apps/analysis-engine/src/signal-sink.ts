import type { Bus } from '@onefeed/bus';
import type { SignalDraft } from '@onefeed/contracts';
import type { Fence, SignalsRepository } from '@onefeed/db/market';
import type { EngineMetrics } from './metrics.ts';

export interface SignalSink {
  /**
   * Stores what a batch made with the cursor of its stream, then tells. A cursor alone waits for `flush`:
   * taking a batch that made no signal once more after a crash makes none either.
   */
  store(stream: string, position: number, drafts: readonly SignalDraft[]): Promise<void>;
  /** Stores the cursors that wait. */
  flush(): Promise<void>;
  /** Id of the newest signal; ids have no gaps, so it is also how many there are. */
  newestId(): number;
}

export interface SignalSinkDeps {
  bus: Bus;
  metrics: EngineMetrics;
  signals: Pick<SignalsRepository, 'store'>;
  fence: Fence;
  /** Aborted when the term is over or has failed: nothing is written any more. */
  ended: AbortSignal;
  newestId: number;
}

/** The one way out of the engine: the table first, the bus after it (I3). */
export function createSignalSink({
  bus,
  metrics,
  signals,
  fence,
  ended,
  ...start
}: SignalSinkDeps): SignalSink {
  const waiting = new Map<string, number>();
  let newestId = start.newestId;
  return {
    async store(stream, position, drafts) {
      if (ended.aborted) throw new Error('The term is over.');
      if (drafts.length === 0) {
        waiting.set(stream, position);
        return;
      }
      waiting.delete(stream);
      const stored = await signals.store(fence, { stream, position }, drafts);
      if (stored.length === 0) return;
      newestId = Number(stored.at(-1)?.id);
      bus.publishList('signals', 'signals', stored, (part) => ({ type: 'signals', signals: part }));
      for (const { venue, kind } of stored) metrics.signals.inc({ venue, kind });
    },
    async flush() {
      for (const [stream, position] of [...waiting]) {
        if (ended.aborted) return;
        waiting.delete(stream);
        await signals.store(fence, { stream, position }, []);
      }
    },
    newestId: () => newestId,
  };
}
