import type { Timeframe } from '@onefeed/contracts';
import type { Child } from './child.ts';

export type SimVenue = 'binance' | 'pumpfun';

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
  venues: { venue: SimVenue; connections: number; maxConnections: number }[];
}

/** The simulated venues and the switches of their faults. */
export interface Simulator {
  child: Child;
  port: number;
  post(path: string, body?: object): Promise<unknown>;
  state(): Promise<SimState>;
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
