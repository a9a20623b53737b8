import { type Client, createClient } from '@onefeed/client';
import type { BotEvent, CreateBot } from '@onefeed/contracts';
import { WebSocket } from 'ws';

export interface Trader {
  email: string;
  client: Client;
  /** The bot events the socket has brought so far, oldest first. */
  events: BotEvent[];
  /** Signals the socket has brought. */
  signalsSeen(): number;
  close(): void;
}

/** Registers a user and listens to what the socket says of their bots and of all signals. */
export async function registerTrader(baseUrl: string, email: string): Promise<Trader> {
  const client = createClient({ baseUrl, WebSocket: WebSocket as never });
  await client.register({ email, password: 'a long enough password' });
  const socket = client.socket();
  const events: BotEvent[] = [];
  let signals = 0;
  socket.subscribe('bots', (update) => {
    if (update.kind === 'data' && 'events' in update.data) events.push(...update.data.events);
  });
  socket.subscribe('signals', (update) => {
    if (update.kind === 'data') signals += update.data.signals.length;
  });
  return { email, client, events, signalsSeen: () => signals, close: () => socket.close() };
}

/** An EMA-cross bot that trades often: short averages, tight exits, and a time limit in market seconds. */
export const EMA_BOT: CreateBot = {
  name: 'EMA cross on bitcoin',
  venue: 'binance',
  instruments: ['BTCUSDT'],
  strategy: 'timeframe 1m\nentry crossover(ema(close, 3), ema(close, 8))\n',
  mode: 'paper',
  stake: { type: 'fixed', amount: '250' },
  exitPlan: {
    stopLossPercent: 2,
    timeLimitSeconds: 300,
    takeProfit: { type: 'FIXED', gainPercent: 0.3 },
  },
  risk: { maxOpenPositions: 3, cooldownSeconds: 0 },
};
