import { WebSocket } from 'ws';

type Message = Record<string, unknown> & { op?: string; channel?: string; data?: unknown; offset?: number };

/** A raw client of /api/ws that keeps all it is told. */
export interface LiveClient {
  readonly socket: WebSocket;
  readonly messages: Message[];
  say(message: unknown): void;
  /** The first message, past or future, that fits; fails after 5 s. */
  until(fits: (message: Message) => boolean): Promise<Message>;
  subscribe(channel: string, since?: { epoch: string; offset: number }): Promise<Message>;
  closed(): Promise<number>;
}

/** Opens a socket; rejects with the HTTP status when the upgrade is refused. */
export function openLiveClient(url: string, headers: Record<string, string> = {}): Promise<LiveClient> {
  const socket = new WebSocket(url, { headers });
  const messages: Message[] = [];
  const waiting = new Set<() => void>();
  const closing = new Promise<number>((resolve) => socket.on('close', resolve));
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)));
    for (const look of [...waiting]) look();
  });

  const until: LiveClient['until'] = (fits) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(look);
        reject(new Error(`No such message within 5 s; got ${JSON.stringify(messages).slice(0, 2_000)}`));
      }, 5_000);
      const look = (): void => {
        const found = messages.find(fits);
        if (!found) return;
        clearTimeout(timer);
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  const say = (message: unknown): void =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));

  const client: LiveClient = {
    socket,
    messages,
    say,
    until,
    subscribe: (channel, since) => {
      const seen = messages.length;
      say({ op: 'subscribe', channels: [channel], ...(since ? { since: { [channel]: since } } : {}) });
      return until(
        (message) =>
          messages.indexOf(message) >= seen && message.op === 'subscribed' && message.channel === channel,
      );
    },
    closed: () => closing,
  };
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(client));
    socket.on('unexpected-response', (_request, response) =>
      reject(new Error(`refused ${response.statusCode}`)),
    );
    socket.on('error', reject);
  });
}

/** Reads an event stream until it ends or `stop` is called; keeps the events. */
export async function openEventSource(url: string, headers: Record<string, string> = {}) {
  const controller = new AbortController();
  const response = await fetch(url, { headers, signal: controller.signal });
  const events: { event: string; data: { channel?: string; data?: unknown } }[] = [];
  const waiting = new Set<() => void>();
  const ended = (async () => {
    let rest = '';
    try {
      for await (const chunk of response.body ?? []) {
        rest += Buffer.from(chunk).toString();
        const blocks = rest.split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
          const event = /^event: (.*)$/m.exec(block)?.[1];
          const data = /^data: (.*)$/m.exec(block)?.[1];
          if (event && data) events.push({ event, data: JSON.parse(data) });
        }
        for (const look of [...waiting]) look();
      }
    } catch {
      // Stopped by us.
    }
  })();
  return {
    status: response.status,
    headers: response.headers,
    events,
    ended,
    until: (fits: () => boolean) =>
      new Promise<void>((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`Not within 5 s; got ${JSON.stringify(events).slice(0, 2_000)}`)),
          5_000,
        );
        const look = (): void => {
          if (!fits()) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    stop: async () => {
      controller.abort();
      await ended;
    },
  };
}
