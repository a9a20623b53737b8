import type { SimVenue } from '../sim-metrics.ts';

/** What goes wrong on purpose. Set over the control endpoints; everything is off at the start. */
export interface Faults {
  /** Connections are refused: sockets and, for binance, REST answer 503. */
  refuse: Record<SimVenue, boolean>;
  /** Sockets stay open but carry no data. */
  silence: Record<SimVenue, boolean>;
  /** Final frames left out or sent twice: one in so many bars, chosen by the bar; 0 is never. */
  dropFinalOneIn: number;
  duplicateFinalOneIn: number;
  /** Answers of the next REST requests: each entry is used once, oldest first. */
  restStatuses: number[];
}

export const createFaults = (): Faults => ({
  refuse: { binance: false, pumpfun: false },
  silence: { binance: false, pumpfun: false },
  dropFinalOneIn: 0,
  duplicateFinalOneIn: 0,
  restStatuses: [],
});
