import {
  type ConnectionDeps,
  type ConnectionState,
  createLogStreamClient,
  createPumpStreamClient,
  type DropCause,
  type KeyedEvent,
} from '@onefeed/venues';
import type { PumpSource } from './source-merge.ts';

/** The public node of the network's makers: rate-limited, good enough to look at it. */
const PUBLIC_RPC_URL = 'https://api.mainnet-beta.solana.com';

export interface PumpSourceOptions {
  source: PumpSource | 'both';
  pumpPortal: { url: string; apiKey: string | null };
  /** Null ones are derived: the websocket from the RPC's address, the RPC is the public node. */
  solana: { rpcUrl: string | null; wsUrl: string | null };
}

/** One stream of pump.fun's events. */
export interface TokenSource {
  readonly name: PumpSource;
  /** Its address without what may be a secret. */
  readonly host: string;
  start(): void;
  stop(): Promise<void>;
  watch(held: readonly string[], others: readonly string[]): void;
  followsTrades(): boolean;
  quietThresholdMs(): number;
  state(): ConnectionState;
  sockets(): number;
}

/** What the sources tell; all of them call the same. */
export interface SourceHandlers {
  onEvent(source: PumpSource, event: KeyedEvent): void;
  onFrame(source: PumpSource, kind: string): void;
  onBad(source: PumpSource, reason: string, text: string): void;
  onPassedOver(reason: string): void;
  onNotice(source: PumpSource, kind: string, text: string): void;
  onState(source: PumpSource, state: ConnectionState): void;
  onDropped(source: PumpSource, cause: DropCause, detail: string): void;
}

/** The node to ask about curves; null when none is configured and none is needed. */
export function rpcUrlOf({ source, solana }: PumpSourceOptions): string | null {
  return solana.rpcUrl ?? (source === 'pumpportal' ? null : PUBLIC_RPC_URL);
}

/** Opens nothing yet. */
export function createTokenSources(
  options: PumpSourceOptions,
  handlers: SourceHandlers,
  deps: ConnectionDeps,
): TokenSource[] {
  const sources: TokenSource[] = [];
  if (options.source !== 'solana') sources.push(pumpPortalSource(options, handlers, deps));
  if (options.source !== 'pumpportal') sources.push(solanaSource(options, handlers, deps));
  return sources;
}

function pumpPortalSource(
  { pumpPortal }: PumpSourceOptions,
  handlers: SourceHandlers,
  deps: ConnectionDeps,
): TokenSource {
  const name = 'pumpportal';
  const client = createPumpStreamClient(
    {
      ...pumpPortal,
      onEvent: (event, dedupeKey) => handlers.onEvent(name, { event, dedupeKey }),
      onFrame: (kind) => handlers.onFrame(name, kind),
      onBad: (reason, text) => handlers.onBad(name, reason, text),
      onPassedOver: handlers.onPassedOver,
      onNotice: (kind, text) => handlers.onNotice(name, kind, text),
      onState: (state) => handlers.onState(name, state),
      onDropped: (cause, detail) => handlers.onDropped(name, cause, detail),
    },
    deps,
  );
  return { ...client, name, host: new URL(pumpPortal.url).host };
}

function solanaSource(
  options: PumpSourceOptions,
  handlers: SourceHandlers,
  deps: ConnectionDeps,
): TokenSource {
  const name = 'solana';
  // http becomes ws, https becomes wss: providers and nodes serve both under one name.
  const url = options.solana.wsUrl ?? (rpcUrlOf(options) ?? PUBLIC_RPC_URL).replace(/^http/, 'ws');
  const client = createLogStreamClient(
    {
      url,
      onEvent: (event) => handlers.onEvent(name, event),
      onFrame: (kind) => handlers.onFrame(name, kind),
      onBad: (reason, text) => handlers.onBad(name, reason, text),
      onPassedOver: handlers.onPassedOver,
      onRefused: (text) => handlers.onNotice(name, 'refused', text),
      onState: (state) => handlers.onState(name, state),
      onDropped: (cause, detail) => handlers.onDropped(name, cause, detail),
    },
    deps,
  );
  return { ...client, name, host: hostOf(name, url), watch() {}, followsTrades: () => true };
}

/** Never tells the address: it may hold a key. */
function hostOf(name: PumpSource, url: string): string {
  if (!URL.canParse(url)) throw new Error(`the address of ${name} is no valid URL`);
  return new URL(url).host;
}
