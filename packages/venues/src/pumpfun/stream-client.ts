import type { TokenEvent } from '@onefeed/contracts';
import { type ConnectionDeps, createConnection, type DropCause } from '../connection/connection.ts';
import type { ConnectionState } from '../connection/state.ts';
import { mapPumpFrame, type PumpBadReason, type PumpFrame } from './mapper.ts';

/** Tokens whose trades one socket may follow; each trade costs money at the venue. */
export const MAX_WATCHED = 20_000;
/** The venue takes 5000 keys a message and 200 messages a second. */
const KEYS_PER_MESSAGE = 5_000;
const SEND_EVERY_MS = 250;
const PING_EVERY_MS = 25_000;
/** Our pings are answered, so more than two unanswered ones are a dead line. Quiet gaps of 43 s are normal. */
const SILENCE_MS = 60_000;
const SUBSCRIBE_MS = 20_000;
const BACKOFF = { firstMs: 500, maxMs: 8_000 };
/** 16 to 42 tokens are created a minute: three minutes without an event mean that the venue has forgotten us. */
const DATA_SILENCE_MS = 180_000;
/** The key's wallet may have been filled up meanwhile. */
const RETRY_REFUSED_MS = 300_000;

export interface PumpStreamOptions {
  /** `wss://pumpportal.fun/api/data` */
  url: string;
  /** With a key the trades of watched tokens are followed; without, only creations and migrations. */
  apiKey: string | null;
  onEvent(event: TokenEvent, dedupeKey: string): void;
  onFrame(kind: PumpFrame['kind']): void;
  onBad(reason: PumpBadReason | 'binary', text: string): void;
  /** A frame that was understood and is not for us. */
  onPassedOver(reason: 'other_pool' | 'quote_mint'): void;
  /** The venue refused trades for want of a funded key, or answered something unexpected. */
  onNotice(kind: 'tradesRefused' | 'errors' | 'message', text: string): void;
  onState(state: ConnectionState): void;
  onDropped(cause: DropCause, detail: string): void;
}

export interface PumpStreamClient {
  start(): void;
  stop(): Promise<void>;
  /** Makes these all the tokens whose trades are followed; at most MAX_WATCHED, the first given count. */
  watch(mints: Iterable<string>): void;
  watched(): number;
  /** Whether trades come: a key was given and not refused. */
  followsTrades(): boolean;
  state(): ConnectionState;
  sockets(): number;
}

/**
 * The one socket that PumpPortal allows: a second one gets the address banned, so the old one is closed
 * before a new one opens. Nothing is replayed and subscriptions do not survive a reconnect.
 */
export function createPumpStreamClient(options: PumpStreamOptions, deps: ConnectionDeps): PumpStreamClient {
  const { clock } = deps;
  let wanted = new Set<string>();
  const asked = new Set<string>();
  const missing = new Set<'creates' | 'migrations'>();
  let refusedAt: number | null = null;
  let lastEventAt = 0;
  let cancelSend: (() => void) | null = null;
  let cancelWatch: (() => void) | null = null;

  const url = new URL(options.url);
  if (options.apiKey !== null) url.searchParams.set('api-key', options.apiKey);

  const connection = createConnection(
    {
      url: url.href,
      silenceMs: SILENCE_MS,
      subscribeMs: SUBSCRIBE_MS,
      pingEveryMs: PING_EVERY_MS,
      backoff: BACKOFF,
      onOpened() {
        lastEventAt = clock.now();
        missing.add('creates').add('migrations');
        connection.send(JSON.stringify({ method: 'subscribeNewToken' }));
        connection.send(JSON.stringify({ method: 'subscribeMigration' }));
        watchEvents();
        sendKeys();
      },
      onText: receive,
      onBinary: () => options.onBad('binary', ''),
      onState(state) {
        if (state === 'closing' || state === 'backing_off' || state === 'stopping') forgetSocket();
        options.onState(state);
      },
      onDropped: options.onDropped,
    },
    deps,
  );

  function forgetSocket(): void {
    asked.clear();
    cancelSend?.();
    cancelSend = null;
    cancelWatch?.();
    cancelWatch = null;
  }

  function receive(text: string): void {
    const frame = mapPumpFrame(text, clock.now());
    options.onFrame(frame.kind);
    switch (frame.kind) {
      case 'event':
        lastEventAt = frame.event.at;
        options.onEvent(frame.event, frame.dedupeKey);
        return;
      case 'acknowledged':
        if (frame.what === 'keys') refusedAt = null;
        else missing.delete(frame.what);
        if (missing.size === 0) connection.subscribed();
        return;
      case 'tradesRefused':
        refusedAt = clock.now();
        asked.clear();
        options.onNotice('tradesRefused', 'trades need a key funded with at least 0.02 SOL');
        return;
      case 'errors':
      case 'message':
        options.onNotice(frame.kind, frame.text);
        return;
      case 'dropped':
        options.onPassedOver(frame.reason);
        return;
      case 'bad':
        options.onBad(frame.reason, text);
    }
  }

  function mayFollow(): boolean {
    if (options.apiKey === null) return false;
    return refusedAt === null || clock.now() - refusedAt >= RETRY_REFUSED_MS;
  }

  /** Sends at most one message of each kind now, and the rest a moment later. */
  function sendKeys(): void {
    const state = connection.state();
    if (cancelSend !== null || (state !== 'subscribing' && state !== 'live') || !mayFollow()) return;
    const dropped = take(asked, (mint) => !wanted.has(mint));
    const added = take(wanted, (mint) => !asked.has(mint));
    if (dropped.length === 0 && added.length === 0) return;
    if (dropped.length > 0) {
      for (const mint of dropped) asked.delete(mint);
      connection.send(JSON.stringify({ method: 'unsubscribeTokenTrade', keys: dropped }));
    }
    if (added.length > 0) {
      for (const mint of added) asked.add(mint);
      connection.send(JSON.stringify({ method: 'subscribeTokenTrade', keys: added }));
    }
    cancelSend = clock.after(SEND_EVERY_MS, () => {
      cancelSend = null;
      sendKeys();
    });
  }

  function watchEvents(): void {
    cancelWatch = clock.after(DATA_SILENCE_MS / 6, () => {
      if (clock.now() - lastEventAt >= DATA_SILENCE_MS) connection.drop('silent', 'no event came');
      else watchEvents();
    });
  }

  return {
    start: connection.start,
    stop: connection.stop,
    watch(mints) {
      wanted = new Set();
      for (const mint of mints) {
        if (wanted.size >= MAX_WATCHED) break;
        wanted.add(mint);
      }
      sendKeys();
    },
    watched: () => wanted.size,
    followsTrades: mayFollow,
    state: connection.state,
    sockets: connection.sockets,
  };
}

function take(mints: ReadonlySet<string>, matches: (mint: string) => boolean): string[] {
  const taken: string[] = [];
  for (const mint of mints) {
    if (taken.length >= KEYS_PER_MESSAGE) break;
    if (matches(mint)) taken.push(mint);
  }
  return taken;
}
