import { waitFor } from './platform.ts';

export interface Sessions {
  /** Resolves once every session has received a candle; throws after 20 s. */
  sawCandles(): Promise<void>;
  close(): void;
}

/** Opens `count` sessions as older clients do: server-sent events of the six timeframes of BTCUSDT. */
export async function openSessions(baseUrl: string, count: number): Promise<Sessions> {
  const abort = new AbortController();
  const received: string[] = Array.from({ length: count }, () => '');
  await Promise.all(
    received.map(async (_, index) => {
      const answer = await fetch(`${baseUrl}/api/trading-shared`, { signal: abort.signal });
      if (!answer.ok || answer.body === null)
        throw new Error(`/api/trading-shared answered ${answer.status}`);
      const decoder = new TextDecoder();
      void (async () => {
        for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
          received[index] = (received[index] + decoder.decode(chunk, { stream: true })).slice(-200_000);
        }
      })().catch(() => {});
    }),
  );
  return {
    sawCandles: async () => {
      await waitFor('a candle in every session', 20_000, async () =>
        received.every((text) => text.includes('candle') && text.includes('BTCUSDT')),
      );
    },
    close: () => abort.abort(),
  };
}
