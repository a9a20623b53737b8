import type { ServerMessage, StreamPosition } from '@onefeed/contracts';
import type { ChannelName, ChannelUpdate } from './channel.ts';
import type { Scheduler, WebSocketConstructor, WebSocketLike } from './platform.ts';

export type SocketState = 'idle' | 'connecting' | 'open' | 'waiting' | 'closed';

/** A refusal of one message or channel. */
export interface SocketRefusal {
  code: string;
  message: string;
  channel?: string;
}

/** The live connection. Subscriptions survive reconnects: missed messages are asked for by position. */
export interface Socket {
  /**
   * Calls `handler` with a snapshot, then with each change. Several handlers may share a channel; each
   * is first given a snapshot of its own. Returns what ends the subscription.
   */
  subscribe<Name extends ChannelName>(
    channel: Name,
    handler: (update: ChannelUpdate<Name>) => void,
  ): () => void;
  onState(handler: (state: SocketState) => void): () => void;
  onRefusal(handler: (refusal: SocketRefusal) => void): () => void;
  state(): SocketState;
  /** Closes for good. */
  close(): void;
}

export interface SocketOptions {
  url: string;
  /** A fresh single-use ticket for each connection; may throw while logged out. */
  ticket: () => Promise<string>;
  WebSocket: WebSocketConstructor;
  scheduler: Scheduler;
}

const FIRST_DELAY_MS = 300;
const LONGEST_DELAY_MS = 15_000;
const PING_INTERVAL_MS = 20_000;
const SILENCE_LIMIT_MS = 45_000;
/** When a channel that was refused for the moment only is asked for again. */
const ASK_AGAIN_MS = 3_000;
const FOR_THE_MOMENT: ReadonlySet<string> = new Set(['DEGRADED', 'OVERLOADED']);

type Handler = (update: ChannelUpdate<ChannelName>) => void;
interface Subscription {
  handlers: Set<Handler>;
  position: StreamPosition | null;
}

/** See Socket. Reconnects with a doubling delay, jittered so that a restart is not met by all clients at once. */
export function createSocket(options: SocketOptions): Socket {
  const subscriptions = new Map<string, Subscription>();
  const stateHandlers = new Set<(state: SocketState) => void>();
  const refusalHandlers = new Set<(refusal: SocketRefusal) => void>();
  let state: SocketState = 'idle';
  let connection: WebSocketLike | null = null;
  let attempts = 0;
  let retryTimer: unknown = null;
  let pingTimer: unknown = null;
  let silenceTimer: unknown = null;
  let askAgainTimer: unknown = null;
  const toAskAgain = new Set<string>();

  const setState = (next: SocketState): void => {
    if (state === next) return;
    state = next;
    for (const handler of stateHandlers) handler(next);
  };

  const send = (message: object): void => {
    if (state === 'open') connection?.send(JSON.stringify(message));
  };

  const ask = (names: readonly string[]): void => {
    // A subscribe message may be 4 KiB long; 16 of the longest names and positions fit well within.
    for (let start = 0; start < names.length; start += 16) {
      const channels = names.slice(start, start + 16);
      const since: Record<string, StreamPosition> = {};
      for (const channel of channels) {
        const position = subscriptions.get(channel)?.position;
        if (position) since[channel] = position;
      }
      send({ op: 'subscribe', channels, ...(Object.keys(since).length > 0 ? { since } : {}) });
    }
  };

  const askAgainFor = (channel: string): void => {
    toAskAgain.add(channel);
    askAgainTimer ??= options.scheduler.setTimeout(() => {
      askAgainTimer = null;
      const names = [...toAskAgain].filter((name) => subscriptions.has(name));
      toAskAgain.clear();
      ask(names);
    }, ASK_AGAIN_MS);
  };

  const deliver = (channel: string, update: ChannelUpdate<ChannelName>, position: StreamPosition): void => {
    const subscription = subscriptions.get(channel);
    if (!subscription) return;
    subscription.position = position;
    for (const handler of [...subscription.handlers]) handler(update);
  };

  const onMessage = (message: ServerMessage): void => {
    if ('data' in message) {
      const { channel, epoch, offset } = message;
      deliver(channel, { kind: 'data', data: message.data } as ChannelUpdate<ChannelName>, { epoch, offset });
    } else if (message.op === 'subscribed') {
      const { channel, epoch, offset } = message;
      // Without a snapshot every missed message follows: they carry the positions.
      if (message.snapshot !== undefined) {
        const update = { kind: 'snapshot', data: message.snapshot } as ChannelUpdate<ChannelName>;
        deliver(channel, update, { epoch, offset });
      }
    } else if (message.op === 'error') {
      const { code, message: text, channel } = message;
      const refusal = { code, message: text, ...(channel === undefined ? {} : { channel }) };
      for (const handler of refusalHandlers) handler(refusal);
      if (channel !== undefined && FOR_THE_MOMENT.has(code)) askAgainFor(channel);
    }
  };

  const armSilence = (): void => {
    options.scheduler.clearTimeout(silenceTimer);
    silenceTimer = options.scheduler.setTimeout(() => drop(), SILENCE_LIMIT_MS);
  };
  const armPing = (): void => {
    pingTimer = options.scheduler.setTimeout(() => {
      send({ op: 'ping' });
      armPing();
    }, PING_INTERVAL_MS);
  };

  const drop = (): void => {
    const old = connection;
    connection = null;
    options.scheduler.clearTimeout(pingTimer);
    options.scheduler.clearTimeout(silenceTimer);
    options.scheduler.clearTimeout(askAgainTimer);
    askAgainTimer = null;
    toAskAgain.clear();
    if (old) {
      old.onopen = old.onmessage = old.onclose = null;
      old.onerror = () => {};
      old.close();
    }
    if (state === 'closed') return;
    if (subscriptions.size === 0) {
      setState('idle');
      return;
    }
    const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempts);
    attempts += 1;
    setState('waiting');
    options.scheduler.clearTimeout(retryTimer);
    retryTimer = options.scheduler.setTimeout(
      () => void connect(),
      ceiling * (0.5 + options.scheduler.random() / 2),
    );
  };

  const connect = async (): Promise<void> => {
    setState('connecting');
    let ticket: string;
    try {
      ticket = await options.ticket();
    } catch {
      if (state === 'connecting') drop();
      return;
    }
    if (state !== 'connecting') return;
    const opened = new options.WebSocket(`${options.url}?ticket=${encodeURIComponent(ticket)}`);
    connection = opened;
    armSilence();
    opened.onopen = () => {
      setState('open');
      armPing();
      ask([...subscriptions.keys()]);
    };
    opened.onmessage = (event: { data: unknown }) => {
      armSilence();
      attempts = 0;
      const message = parse(event.data);
      if (message) onMessage(message);
    };
    opened.onclose = drop;
    opened.onerror = () => {};
  };

  const unsubscribe = (channel: string, handler: Handler): void => {
    const subscription = subscriptions.get(channel);
    if (!subscription?.handlers.delete(handler) || subscription.handlers.size > 0) return;
    subscriptions.delete(channel);
    send({ op: 'unsubscribe', channels: [channel] });
  };

  return {
    subscribe: (channel, handler) => {
      const erased = handler as unknown as Handler;
      const own: Handler = (update) => erased(update);
      const existing = subscriptions.get(channel);
      if (existing) {
        existing.handlers.add(own);
        existing.position = null;
      } else {
        subscriptions.set(channel, { handlers: new Set([own]), position: null });
      }
      if (state === 'open') send({ op: 'subscribe', channels: [channel] });
      else if (state === 'idle') void connect();
      return () => unsubscribe(channel, own);
    },
    onState: (handler) => {
      stateHandlers.add(handler);
      return () => stateHandlers.delete(handler);
    },
    onRefusal: (handler) => {
      refusalHandlers.add(handler);
      return () => refusalHandlers.delete(handler);
    },
    state: () => state,
    close: () => {
      setState('closed');
      subscriptions.clear();
      options.scheduler.clearTimeout(retryTimer);
      drop();
    },
  };
}

function parse(data: unknown): ServerMessage | null {
  try {
    return JSON.parse(String(data)) as ServerMessage;
  } catch {
    return null;
  }
}
