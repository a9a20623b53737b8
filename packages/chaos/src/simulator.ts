import type { Timeframe } from '@onefeed/contracts';
import type { Child } from './child.ts';

export type SimVenue = 'binance' | 'pumpfun' | 'solana';

/** A closed bar as the simulator knows it to be: open time and the venue's texts. */
export interface TrueBar {
  openTime: number;
  /** open, high, low, close, volume, quote volume, trades */
  values: string[];
}

export interface SimState {
  /** ms */
  venueTime: number;
  violations: number;
  violationKinds: Record<string, number>;
  venues: SimSockets[];
}

/** The sockets of a venue as the simulator saw them. */
export interface SimSockets {
  venue: SimVenue;
  connections: number;
  maxConnections: number;
  /** Wall ms that two were open at once: the new one of a planned replacement beside the old. */
  longestOverlapMs: number;
}

/** A replacement is over when the new socket has taken up the streams of the old. */
const MAX_OVERLAP_MS = 10_000;

/** Breaches of I1: one socket a venue; two of Binance only while one replaces the other. */
export function socketBreaches({ venues }: SimState): string[] {
  return venues.flatMap(({ venue, maxConnections, longestOverlapMs }) => {
    const most = venue === 'binance' ? 2 : 1;
    if (maxConnections > most) return [`${venue}: ${maxConnections} sockets at once`];
    return longestOverlapMs > MAX_OVERLAP_MS ? [`${venue}: two sockets for ${longestOverlapMs} ms`] : [];
  });
}

/** The simulated venues and the switches of their faults. */
export interface Simulator {
  child: Child;
  port: number;
  post(path: string, body?: object): Promise<unknown>;
  state(): Promise<SimState>;
  /** Faults that happened by themselves, by venue and kind. */
  happened(): Promise<Record<string, number>>;
  /** Closed bars that open in from..to, both ms and inclusive. */
  truth(instrument: string, timeframe: Timeframe, from: number, to: number): Promise<TrueBar[]>;
}

export function createSimulator(child: Child, port: number): Simulator {
  const base = `http://127.0.0.1:${port}`;
  async function read(response: Response): Promise<unknown> {
    if (!response.ok)
      throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
    return response.json();
  }
  return {
    child,
    port,
    post: async (path, body = {}) =>
      read(await fetch(`${base}${path}`, { method: 'POST', body: JSON.stringify(body) })),
    state: async () => (await read(await fetch(`${base}/sim/state`))) as SimState,
    async happened() {
      const text = await child.metrics();
      const faults: Record<string, number> = {};
      for (const [, venue, kind, count] of text.matchAll(
        /^onefeed_sim_faults_total\{venue="(\w+)",kind="(\w+)"\} (\d+)$/gm,
      )) {
        faults[`${venue} ${kind}`] = Number(count);
      }
      return faults;
    },
    async truth(instrument, timeframe, from, to) {
      const query = `symbol=${instrument}&interval=${timeframe}&from=${from}&to=${to}`;
      const { klines } = (await read(await fetch(`${base}/sim/truth?${query}`))) as { klines: unknown[][] };
      return klines.map(([openTime, open, high, low, close, volume, , quoteVolume, trades]) => ({
        openTime: Number(openTime),
        values: [open, high, low, close, volume, quoteVolume, trades].map(String),
      }));
    },
  };
}
