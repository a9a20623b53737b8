import type { MarketSource } from './market-source.ts';
import { readReplayFile } from './replay-file.ts';
import { createReplayMarket } from './replay-market.ts';
import { createSeededMarket } from './seeded-market.ts';

export interface OpenMarket {
  source: MarketSource;
  /** Venue time at which the market starts; undefined: at the wall clock. */
  startAt: number | undefined;
  /** Venue time stops here. */
  endAt: number;
}

/** The recorded market when there are files, else the seeded one. */
export async function openMarket(
  seed: number,
  replayPaths: readonly string[],
  replayStartIndex: number | undefined,
): Promise<OpenMarket> {
  if (replayPaths.length === 0)
    return { source: createSeededMarket(seed), startAt: undefined, endAt: Infinity };
  const files = [];
  for (const path of replayPaths) files.push(await readReplayFile(path));
  const source = createReplayMarket(files, replayStartIndex);
  return { source, startAt: source.startAt, endAt: source.endAt };
}
