import { beforeEach, describe, expect, it } from 'vitest';
import type { ChannelUpdate } from './channel.ts';
import type { Scheduler, WebSocketLike } from './platform.ts';
import { createSocket, type Socket, type SocketState } from './socket.ts';

const CHANNEL = 'candles:binance:BTCUSDT:1m';

/** The server's end of a connection. */
class FakeWebSocket implements WebSocketLike {
  static opened: FakeWebSocket[] = [];
  readyState = 0;
  readonly url: string;
  readonly said: { op: string; channels?: string[]; since?: Record<string, object> }[] = [];
  closed = false;
  onopen: WebSocketLike['onopen'] = null;
  onmessage: WebSocketLike['onmessage'] = null;
  onclose: WebSocketLike['onclose'] = null;
  onerror: WebSocketLike['onerror'] = null;

  constructor(url: string) {
    this.url = url;
    FakeWebSocket.opened.push(this);
  }
  send(text: string): void {
    this.said.push(JSON.parse(text));
  }
  close(): void {
    this.closed = true;
  }
  accept(): void {
    this.readyState = 1;
    this.onopen?.({} as never);
  }
  tell(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) } as never);
  }
  lose(): void {
    this.onclose?.({} as never);
  }
}

/** Timers that run when told to. */
function createManualScheduler(): Scheduler & { delays(): number[]; run(delayMs: number): void } {
  const timers = new Map<number, { run: () => void; delayMs: number }>();
  let next = 1;
  return {
    setTimeout: (run, delayMs) => {
      timers.set(next, { run, delayMs });
      next += 1;
      return next - 1;
    },
    clearTimeout: (timer) => void timers.delete(timer as number),
    random: () => 1,
    delays: () => [...timers.values()].map(({ delayMs }) => delayMs),
    run: (delayMs) => {
      for (const [id, timer] of timers) {
        if (timer.delayMs !== delayMs) continue;
        timers.delete(id);
        timer.run();
        return;
      }
      throw new Error(
        `No timer of ${delayMs} ms; there are ${[...timers.values()].map((timer) => timer.delayMs)}`,
      );
    },
  };
}

let scheduler: ReturnType<typeof createManualScheduler>;
let socket: Socket;
let tickets: number;
let updates: ChannelUpdate<typeof CHANNEL>[];
beforeEach(() => {
  FakeWebSocket.opened = [];
  scheduler = createManualScheduler();
  tickets = 0;
  updates = [];
  socket = createSocket({
    url: 'ws://host/api/ws',
    ticket: async () => {
      tickets += 1;
      return `ticket ${tickets}`;
    },
    WebSocket: FakeWebSocket,
    scheduler,
  });
});

const settle = () => new Promise((resolve) => setImmediate(resolve));
const connection = (): FakeWebSocket => {
  const last = FakeWebSocket.opened.at(-1);
  if (!last) throw new Error('No connection was opened.');
  return last;
};
const watch = () => socket.subscribe(CHANNEL, (update) => updates.push(update));
const snapshot = (offset: number) => ({
  op: 'subscribed',
  channel: CHANNEL,
  epoch: 'e',
  offset,
  snapshot: { candles: [] },
});
const data = (offset: number) => ({
  channel: CHANNEL,
  epoch: 'e',
  offset,
  data: { candle: { openTime: offset } },
});
const open = async (): Promise<FakeWebSocket> => {
  await settle();
  connection().accept();
  return connection();
};

describe('the live connection', () => {
  it('opens at the first subscription, with a fresh ticket', async () => {
    expect(socket.state()).toBe('idle');
    watch();
    const server = await open();
    expect(server.url).toBe('ws://host/api/ws?ticket=ticket%201');
    expect(server.said).toEqual([{ op: 'subscribe', channels: [CHANNEL] }]);
    server.tell(snapshot(4));
    server.tell(data(5));
    expect(updates.map((update) => update.kind)).toEqual(['snapshot', 'data']);
  });

  it('resumes where it stopped, with another ticket, after a longer wait each time', async () => {
    watch();
    let server = await open();
    server.tell(snapshot(4));
    server.tell(data(5));
    server.lose();
    expect(socket.state()).toBe('waiting');
    scheduler.run(300);
    await settle();
    connection().lose();
    scheduler.run(600);
    server = await open();
    expect(tickets).toBe(3);
    expect(server.said).toEqual([
      { op: 'subscribe', channels: [CHANNEL], since: { [CHANNEL]: { epoch: 'e', offset: 5 } } },
    ]);
    server.tell({ op: 'subscribed', channel: CHANNEL, epoch: 'e', offset: 5, recovered: true });
    server.tell(data(6));
    expect(updates.map((update) => update.kind)).toEqual(['snapshot', 'data', 'data']);
    server.lose();
    expect(scheduler.delays()).toEqual([300]);
  });

  it('tries again when there is no ticket', async () => {
    const failing = createSocket({
      url: 'ws://host/api/ws',
      ticket: () => Promise.reject(new Error('logged out')),
      WebSocket: FakeWebSocket,
      scheduler,
    });
    failing.subscribe('signals', () => {});
    await settle();
    expect([failing.state(), FakeWebSocket.opened.length]).toEqual(['waiting', 0]);
    expect(scheduler.delays()).toEqual([300]);
  });

  it('takes a silent connection for a lost one', async () => {
    watch();
    const server = await open();
    scheduler.run(20_000);
    expect(server.said.at(-1)).toEqual({ op: 'ping' });
    scheduler.run(45_000);
    expect([server.closed, socket.state()]).toEqual([true, 'waiting']);
  });

  it('shares a channel between handlers and leaves it with the last', async () => {
    const other: string[] = [];
    const first = watch();
    const server = await open();
    server.tell(snapshot(1));
    const second = socket.subscribe(CHANNEL, (update) => other.push(update.kind));
    expect(server.said.at(-1)).toEqual({ op: 'subscribe', channels: [CHANNEL] });
    server.tell(snapshot(1));
    expect(other).toEqual(['snapshot']);
    first();
    first();
    expect(server.said.at(-1)?.op).toBe('subscribe');
    second();
    expect(server.said.at(-1)).toEqual({ op: 'unsubscribe', channels: [CHANNEL] });
  });

  it('splits many subscriptions so that no message is too long', async () => {
    for (let count = 0; count < 40; count += 1) socket.subscribe(`candles:binance:COIN${count}:1m`, () => {});
    const server = await open();
    expect(server.said.map((message) => message.channels?.length)).toEqual([16, 16, 8]);
    expect(Math.max(...server.said.map((message) => JSON.stringify(message).length))).toBeLessThan(4_096);
  });

  it('asks again for what the server could not give for the moment', async () => {
    watch();
    const server = await open();
    server.tell({ op: 'error', code: 'DEGRADED', message: 'Later.', channel: CHANNEL });
    server.tell({ op: 'error', code: 'OVERLOADED', message: 'Later.', channel: CHANNEL });
    expect(server.said).toHaveLength(1);
    scheduler.run(3_000);
    expect(server.said.slice(1)).toEqual([{ op: 'subscribe', channels: [CHANNEL] }]);
    server.tell({ op: 'error', code: 'DEGRADED', message: 'Later.', channel: CHANNEL });
    server.lose();
    expect(scheduler.delays()).toEqual([300]);
  });

  it('does not ask again for what it was refused or has left', async () => {
    const leave = watch();
    const server = await open();
    server.tell({ op: 'error', code: 'UNKNOWN_INSTRUMENT', message: 'No.', channel: CHANNEL });
    expect(scheduler.delays()).not.toContain(3_000);
    server.tell({ op: 'error', code: 'DEGRADED', message: 'Later.', channel: CHANNEL });
    leave();
    scheduler.run(3_000);
    expect(server.said.map(({ op }) => op)).toEqual(['subscribe', 'unsubscribe']);
  });

  it('passes refusals on, outlives nonsense and tells its state', async () => {
    const states: SocketState[] = [];
    const refusals: string[] = [];
    socket.onState((state) => states.push(state));
    socket.onRefusal((refusal) => refusals.push(refusal.code));
    watch();
    const server = await open();
    server.onmessage?.({ data: '{{' } as never);
    server.tell({ op: 'error', code: 'FORBIDDEN', message: 'No.', channel: 'admin' });
    expect(refusals).toEqual(['FORBIDDEN']);
    socket.close();
    expect(server.closed).toBe(true);
    expect(states).toEqual(['connecting', 'open', 'closed']);
    expect(scheduler.delays()).toEqual([]);
  });
});
