import { Type } from 'typebox';
import { Compile } from 'typebox/compile';

/** Keys of one request: the node's own limit. */
export const MAX_ACCOUNTS_PER_READ = 100;
const TIMEOUT_MS = 5_000;

const AccountsAnswer = Type.Object({
  result: Type.Object({
    context: Type.Object({ slot: Type.Integer({ minimum: 0 }) }),
    value: Type.Array(
      Type.Union([
        Type.Null(),
        Type.Object({ owner: Type.String(), data: Type.Tuple([Type.String(), Type.Literal('base64')]) }),
      ]),
    ),
  }),
});
const ErrorAnswer = Type.Object({ error: Type.Object({ code: Type.Integer(), message: Type.String() }) });
const accountsAnswer = Compile(AccountsAnswer);
const errorAnswer = Compile(ErrorAnswer);

/** The node did not answer as asked. `retryAfterMs` when it said how long to keep away. Never holds the address. */
export class SolanaRpcError extends Error {
  readonly reason: 'unreachable' | 'http_status' | 'rate_limited' | 'rpc_error' | 'wrong_shape';
  readonly retryAfterMs: number | null;

  constructor(reason: SolanaRpcError['reason'], message: string, retryAfterMs: number | null = null) {
    super(message);
    this.name = 'SolanaRpcError';
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface SolanaAccounts {
  slot: number;
  /** Data of the accounts asked for, in their order; null where there is none, or another program owns it. */
  data: (Uint8Array | null)[];
}

export interface SolanaRpcClient {
  /** Reads at most MAX_ACCOUNTS_PER_READ accounts of `owner`. Throws SolanaRpcError. */
  readAccounts(addresses: readonly string[], owner: string, signal: AbortSignal): Promise<SolanaAccounts>;
}

/** Asks a Solana node over HTTP. `url` may hold a key: no error or log names it. */
export function createSolanaRpcClient(url: string, deps: { fetch: typeof fetch }): SolanaRpcClient {
  async function call(method: string, params: unknown[], signal: AbortSignal): Promise<unknown> {
    let response: Response;
    let body: string;
    try {
      response = await deps.fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      body = await response.text();
    } catch (error) {
      // The cause may name the address.
      throw new SolanaRpcError(
        'unreachable',
        `${method}: ${error instanceof Error ? error.name : 'no answer'}`,
      );
    }
    if (response.status === 429) {
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
      throw new SolanaRpcError(
        'rate_limited',
        `${method}: too many requests`,
        seconds >= 0 ? seconds * 1_000 : null,
      );
    }
    if (!response.ok) throw new SolanaRpcError('http_status', `${method}: HTTP status ${response.status}`);
    let answer: unknown;
    try {
      answer = JSON.parse(body);
    } catch {
      throw new SolanaRpcError('wrong_shape', `${method}: the answer is not JSON`);
    }
    if (errorAnswer.Check(answer)) {
      throw new SolanaRpcError('rpc_error', `${method}: ${answer.error.code} ${answer.error.message}`);
    }
    return answer;
  }

  return {
    async readAccounts(addresses, owner, signal) {
      const config = { commitment: 'processed', encoding: 'base64' };
      const answer = await call('getMultipleAccounts', [addresses, config], signal);
      if (!accountsAnswer.Check(answer) || answer.result.value.length !== addresses.length) {
        throw new SolanaRpcError('wrong_shape', 'getMultipleAccounts: the answer is not of the known form');
      }
      const { context, value } = answer.result;
      return {
        slot: context.slot,
        data: value.map((account) =>
          account === null || account.owner !== owner ? null : Buffer.from(account.data[0], 'base64'),
        ),
      };
    },
  };
}
