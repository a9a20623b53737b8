import type { RawData, WebSocket } from 'ws';
import {
  INVALID_PARAMS,
  METHOD_NOT_FOUND,
  PARSE_ERROR,
  type RpcCall,
  readRpcCall,
  rpcError,
  rpcResult,
} from './rpc-error.ts';

const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;
const MAX_SUBSCRIPTIONS = 100;

/** One transaction as `logsSubscribe` tells it. */
export interface LoggedTransaction {
  signature: string;
  err: unknown;
  logs: readonly string[];
  /** Accounts that a `mentions` filter may name. */
  mentions: readonly string[];
}

export interface SolanaSocketDeps {
  isSilent: () => boolean;
  /** Whether the node's side of the connection is as if unplugged. */
  isGone: (socket: WebSocket) => boolean;
  /** Numbers are unique over all connections, as on a node. */
  nextSubscription: () => number;
  onFrame(kind: 'logs' | 'slot' | 'root' | 'reply'): void;
  onViolation(kind: string): void;
}

export interface SolanaSocket {
  logs(transaction: LoggedTransaction, slot: number): void;
  slot(slot: number, root: number): void;
  /** The number of a logs subscription, for frames that are sent by hand. */
  readonly logsSubscription: number | undefined;
}

type Subscription = { kind: 'logs'; mentions: string | undefined } | { kind: 'slot' } | { kind: 'root' };

const METHODS = { logs: 'logsNotification', slot: 'slotNotification', root: 'rootNotification' } as const;
const UNSUBSCRIBE = { logsUnsubscribe: 'logs', slotUnsubscribe: 'slot', rootUnsubscribe: 'root' } as const;

/** Serves one client of a Solana node's websocket until it closes. */
export function serveSolanaSocket(deps: SolanaSocketDeps, socket: WebSocket): SolanaSocket {
  const subscriptions = new Map<number, Subscription>();

  function send(text: string, kind: 'logs' | 'slot' | 'root' | 'reply') {
    if (socket.readyState !== socket.OPEN || deps.isGone(socket)) return;
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) return socket.terminate();
    socket.send(text);
    deps.onFrame(kind);
  }

  function notify(kind: Subscription['kind'], subscription: number, result: unknown): void {
    if (deps.isSilent()) return;
    const params = { subscription, result };
    send(JSON.stringify({ jsonrpc: '2.0', method: METHODS[kind], params }), kind);
  }

  function subscribe(subscription: Subscription, { id }: RpcCall): string {
    if (subscriptions.size >= MAX_SUBSCRIPTIONS) {
      deps.onViolation('too many subscriptions');
      return rpcError(-32_006, 'Too many subscriptions', id);
    }
    const number = deps.nextSubscription();
    subscriptions.set(number, subscription);
    return rpcResult(number, id);
  }

  function subscribeLogs(call: RpcCall): string {
    const [filter] = call.params;
    if (filter === 'all' || filter === 'allWithVotes') {
      return subscribe({ kind: 'logs', mentions: undefined }, call);
    }
    const mentions: unknown = (filter as { mentions?: unknown } | null | undefined)?.mentions;
    if (!Array.isArray(mentions)) return rpcError(INVALID_PARAMS, 'Invalid params', call.id);
    if (mentions.length !== 1 || typeof mentions[0] !== 'string') {
      return rpcError(INVALID_PARAMS, 'Invalid Request: Only 1 address supported', call.id);
    }
    return subscribe({ kind: 'logs', mentions: mentions[0] }, call);
  }

  function handle(call: RpcCall): string {
    switch (call.method) {
      case 'logsSubscribe':
        return subscribeLogs(call);
      case 'slotSubscribe':
        return subscribe({ kind: 'slot' }, call);
      case 'rootSubscribe':
        return subscribe({ kind: 'root' }, call);
      case 'logsUnsubscribe':
      case 'slotUnsubscribe':
      case 'rootUnsubscribe': {
        const number = Number(call.params[0]);
        if (subscriptions.get(number)?.kind !== UNSUBSCRIBE[call.method]) {
          return rpcError(INVALID_PARAMS, 'Invalid subscription id.', call.id);
        }
        subscriptions.delete(number);
        return rpcResult(true, call.id);
      }
      default:
        return rpcError(METHOD_NOT_FOUND, 'Method not found', call.id);
    }
  }

  function reply(text: string): string {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return rpcError(PARSE_ERROR, 'Parse error', null);
    }
    const call = readRpcCall(value);
    return typeof call === 'string' ? call : handle(call);
  }

  socket.on('message', (data: RawData) => {
    if (socket.readyState === socket.OPEN && !deps.isGone(socket)) send(reply(data.toString()), 'reply');
  });
  socket.on('error', () => socket.terminate());

  return {
    get logsSubscription() {
      for (const [number, { kind }] of subscriptions) if (kind === 'logs') return number;
      return undefined;
    },
    logs({ signature, err, logs, mentions }, slot) {
      for (const [number, subscription] of subscriptions) {
        if (subscription.kind !== 'logs') continue;
        if (subscription.mentions !== undefined && !mentions.includes(subscription.mentions)) continue;
        notify('logs', number, { context: { slot }, value: { signature, err, logs } });
      }
    },
    slot(slot, root) {
      for (const [number, { kind }] of subscriptions) {
        if (kind === 'slot') notify('slot', number, { slot, parent: slot - 1, root });
        if (kind === 'root') notify('root', number, root);
      }
    },
  };
}
