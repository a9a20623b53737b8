import { SIM_VENUES, type SimVenue } from '../sim-metrics.ts';

export type PerVenue<Value> = Record<SimVenue, Value>;

/** Venues that answer over HTTP as well. */
export type HttpVenue = Extract<SimVenue, 'binance' | 'solana'>;

/** What goes wrong with the answers of one HTTP side. */
export interface HttpFaults {
  /** Statuses of the next answers: each entry is used once, oldest first. */
  statuses: number[];
  /** Seconds that a 429 or 418 asks to wait. Wall time: a client's patience does not run faster. */
  retryAfterSeconds: number;
  /** Every request before this wall time gets `banStatus` with the seconds left. */
  bannedUntil: number;
  banStatus: 418 | 429;
  /** One answer in so many, chosen by its number; 0 is never. */
  failOneIn: number;
  truncateOneIn: number;
  delayOneIn: number;
  delayMs: number;
}

/** What goes wrong on purpose. Everything is off at the start. "Until" is wall time in ms. */
export interface Faults {
  /** Connections are refused: sockets and HTTP answer 503. */
  refusedUntil: PerVenue<number>;
  /** Sockets stay open but carry no data. */
  silentUntil: PerVenue<number>;
  /** Single Binance streams that carry no data. */
  silentStreams: Map<string, number>;
  /** Final frames: one bar in so many, chosen by the bar; 0 is never. */
  dropFinalOneIn: number;
  duplicateFinalOneIn: number;
  lateFinalOneIn: number;
  /** How long after its time a late final comes, venue ms. */
  lateFinalMs: number;
  /** The most a Binance connection lives, in hours of venue time; 0 leaves the 24 hours of wall time. */
  lifetimeHours: number;
  http: Record<HttpVenue, HttpFaults>;
  /** Codes of JSON-RPC errors for the next Solana requests: each is used once. */
  rpcErrorCodes: number[];
  /** Trades on their way to the client: one in so many, chosen by the trade and the venue; 0 is never. */
  loseTradeOneIn: number;
  delayTradeOneIn: number;
  /** The most a delayed trade takes, wall ms. */
  delayTradeMs: number;
  /** Transactions whose logs Solana cuts short before the event. */
  truncateLogsOneIn: number;
  /** PumpPortal refuses trade subscriptions as for a key without funds. */
  tradesRefusedUntil: number;
  /** PumpPortal acknowledges as ever but sends no trades: the key ran dry. */
  tradesStoppedUntil: number;
}

export const DEFAULT_LATE_FINAL_MS = 8_000;
export const DEFAULT_DELAY_MS = 1_500;

const perVenue = (value: number): PerVenue<number> => ({ binance: value, pumpfun: value, solana: value });

const createHttpFaults = (): HttpFaults => ({
  statuses: [],
  retryAfterSeconds: 1,
  bannedUntil: 0,
  banStatus: 429,
  failOneIn: 0,
  truncateOneIn: 0,
  delayOneIn: 0,
  delayMs: DEFAULT_DELAY_MS,
});

export const createFaults = (): Faults => ({
  refusedUntil: perVenue(0),
  silentUntil: perVenue(0),
  silentStreams: new Map(),
  dropFinalOneIn: 0,
  duplicateFinalOneIn: 0,
  lateFinalOneIn: 0,
  lateFinalMs: DEFAULT_LATE_FINAL_MS,
  lifetimeHours: 0,
  http: { binance: createHttpFaults(), solana: createHttpFaults() },
  rpcErrorCodes: [],
  loseTradeOneIn: 0,
  delayTradeOneIn: 0,
  delayTradeMs: DEFAULT_DELAY_MS,
  truncateLogsOneIn: 0,
  tradesRefusedUntil: 0,
  tradesStoppedUntil: 0,
});

/** The faults as an answer tells them: what ends by itself as whether it is on. */
export function describeFaults(faults: Faults, wallNow: number) {
  const on = (until: PerVenue<number>) =>
    Object.fromEntries(SIM_VENUES.map((venue) => [venue, until[venue] > wallNow])) as PerVenue<boolean>;
  const { refusedUntil, silentUntil, silentStreams, tradesRefusedUntil, tradesStoppedUntil, ...others } =
    faults;
  return {
    ...others,
    refuse: on(refusedUntil),
    silence: on(silentUntil),
    silentStreams: [...silentStreams].filter(([, until]) => until > wallNow).map(([stream]) => stream),
    tradesRefused: tradesRefusedUntil > wallNow,
    tradesStopped: tradesStoppedUntil > wallNow,
  };
}

/** Whether the thing that `draw` stands for is one of the `oneIn` chosen. */
export const isChosen = (draw: number, oneIn: number): boolean => oneIn > 0 && draw % oneIn === 0;
