import type { TokenEvent } from '@onefeed/contracts';
import { type ConnectionDeps, createConnection, type DropCause } from '../connection/connection.ts';
import type { ConnectionState } from '../connection/state.ts';
import { mapPumpFrame, type PumpBadReason, type PumpFrame } from './mapper.ts';
import { createQuietWatch } from './quiet-watch.ts';

/** Tokens whose trades one socket may follow; each trade costs money at the venue. Held ones are followed past it. */
export const MAX_WATCHED = 20_000;
/** The venue takes 5000 keys a message and 200 messages a second. */
const KEYS_PER_MESSAGE = 5_000;
const SEND_EVERY_MS = 250;
const PING_EVERY_MS = 25_000;
/** Our pings are answered, so more than two unanswered ones are a dead line. Quiet gaps of 43 s are normal. */
const SILENCE_MS = 60_000;
const SUBSCRIBE_MS = 20_000;
const BACKOFF = { firstMs: 500, maxMs: 8_000 };
/** 16 to 42 tokens are created a minute, with gaps of 43 s: their absence means that the venue has forgotten us. */
const CREATES_QUIET = { floorMs: 60_000, ceilingMs: 180_000, minArrivals: 10 };
/** Trades of followed tokens stop when the key's wallet is empty, or without a reason. */
const TRADES_QUIET = { floorMs: 60_000, ceilingMs: 600_000, minArrivals: 100 };
const LOOK_EVERY_MS = 5_000;
/** Subscriptions are answered within 0.2 s; one that is not is made again. */
const KEYS_UNANSWERED_MS = 20_000;
/** The key's wallet may have been filled up meanwhile. */
const RETRY_REFUSED_MS = 300_000;

export type PumpNotice = 'tradesRefused' | 'keysUnanswered' | 'errors' | 'message';

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
  /** The venue refused trades for want of a funded key, did not answer, or answered something unexpected. */
  onNotice(kind: PumpNotice, text: string): void;
  onState(state: ConnectionState): void;
  onDropped(cause: DropCause, detail: string): void;
}

export interface PumpStreamClient {
  start(): void;
  stop(): Promise<void>;
  /** Makes these all the tokens whose trades are followed: every held one, others up to MAX_WATCHED in all. */
  watch(held: Iterable<string>, others?: Iterable<string>): void;
  watched(): number;
  /** Whether trades come: a key was given and not refused. */
  followsTrades(): boolean;
  /** Quiet after which the connection is taken for dead, in ms, by the rate of creations. */
  quietThresholdMs(): number;
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
  const creates = createQuietWatch(CREATES_QUIET);
  const trades = createQuietWatch(TRADES_QUIET);
  let refusedAt: number | null = null;
  /** Subscriptions of keys without an answer yet, and when the oldest was sent. */
  let unanswered = { count: 0, since: 0 };
  let cancelSend: (() => void) | null = null;
  let cancelLook: (() => void) | null = null;

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
        creates.restart(clock.now());
        trades.restart(clock.now());
        missing.add('creates').add('migrations');
        connection.send(JSON.stringify({ method: 'subscribeNewToken' }));
        connection.send(JSON.stringify({ method: 'subscribeMigration' }));
        lookAtSilence();
        sendKeys();
      },
      onText: receive,
      onBinary: () => options.onBad('binary', ''),
      onState(state) {
        if (!isOpen(state)) forgetSocket();
        options.onState(state);
      },
      onDropped: options.onDropped,
    },
    deps,
  );

  function forgetSocket(): void {
    asked.clear();
    unanswered = { count: 0, since: 0 };
    cancelSend?.();
    cancelSend = null;
    cancelLook?.();
    cancelLook = null;
  }

  function receive(text: string): void {
    const at = clock.now();
    const frame = mapPumpFrame(text, at);
    options.onFrame(frame.kind);
    switch (frame.kind) {
      case 'event':
        (frame.event.kind === 'traded' ? trades : creates).heard(at);
        options.onEvent(frame.event, frame.dedupeKey);
        return;
      case 'acknowledged':
        acknowledged(frame.what);
        return;
      case 'tradesRefused':
        refusedAt = at;
        asked.clear();
        answered();
        options.onNotice('tradesRefused', 'trades need a key funded with at least 0.02 SOL');
        return;
      case 'errors':
      case 'message':
        options.onNotice(frame.kind, frame.text);
        return;
      case 'dropped':
        // A creation of another launchpad shows as well that the subscription lives.
        creates.heard(at);
        options.onPassedOver(frame.reason);
        return;
      case 'bad':
        options.onBad(frame.reason, text);
    }
  }

  function acknowledged(what: (PumpFrame & { kind: 'acknowledged' })['what']): void {
    if (what === 'keys') {
      refusedAt = null;
      answered();
    } else if (what !== 'unsubscribed') missing.delete(what);
    if (missing.size === 0) connection.subscribed();
  }

  function answered(): void {
    unanswered = { count: Math.max(0, unanswered.count - 1), since: clock.now() };
  }

  function mayFollow(): boolean {
    if (options.apiKey === null) return false;
    return refusedAt === null || clock.now() - refusedAt >= RETRY_REFUSED_MS;
  }

  /** Sends at most one message of each kind now, and the rest a moment later. */
  function sendKeys(): void {
    if (cancelSend !== null || !isOpen(connection.state()) || !mayFollow()) return;
    const dropped = take(asked, (mint) => !wanted.has(mint));
    const added = take(wanted, (mint) => !asked.has(mint));
    if (dropped.length === 0 && added.length === 0) return;
    if (dropped.length > 0) {
      for (const mint of dropped) asked.delete(mint);
      connection.send(JSON.stringify({ method: 'unsubscribeTokenTrade', keys: dropped }));
    }
    if (added.length > 0) {
      for (const mint of added) asked.add(mint);
      if (unanswered.count === 0) unanswered.since = clock.now();
      unanswered.count += 1;
      connection.send(JSON.stringify({ method: 'subscribeTokenTrade', keys: added }));
    }
    cancelSend = clock.after(SEND_EVERY_MS, () => {
      cancelSend = null;
      sendKeys();
    });
  }

  function lookAtSilence(): void {
    cancelLook = clock.after(LOOK_EVERY_MS, () => {
      const now = clock.now();
      if (unanswered.count > 0 && now - unanswered.since >= KEYS_UNANSWERED_MS) {
        asked.clear();
        unanswered = { count: 0, since: now };
        options.onNotice('keysUnanswered', 'a subscription of trades was not answered; made again');
        sendKeys();
      }
      if (creates.isSuspicious(now)) connection.drop('silent', `no creation for ${creates.thresholdMs()} ms`);
      else if (tradesAreSuspicious(now)) {
        connection.drop('silent', `no trade of ${asked.size} tokens for ${trades.thresholdMs()} ms`);
      } else lookAtSilence();
    });
  }

  /** Only after trades came on this connection: when they do not come on the next one either, it stays as it is. */
  function tradesAreSuspicious(now: number): boolean {
    return asked.size > 0 && trades.arrivals() >= TRADES_QUIET.minArrivals && trades.isSuspicious(now);
  }

  return {
    start: connection.start,
    stop: connection.stop,
    watch(held, others = []) {
      wanted = new Set(held);
      for (const mint of others) {
        if (wanted.size >= MAX_WATCHED) break;
        wanted.add(mint);
      }
      sendKeys();
    },
    watched: () => wanted.size,
    followsTrades: mayFollow,
    quietThresholdMs: creates.thresholdMs,
    state: connection.state,
    sockets: connection.sockets,
  };
}

const isOpen = (state: ConnectionState): boolean => state === 'subscribing' || state === 'live';

function take(mints: ReadonlySet<string>, matches: (mint: string) => boolean): string[] {
  const taken: string[] = [];
  for (const mint of mints) {
    if (taken.length >= KEYS_PER_MESSAGE) break;
    if (matches(mint)) taken.push(mint);
  }
  return taken;
}
