/** JSON-RPC 2.0 errors as Solana's nodes word them. */
export type RpcId = number | string | null;

export const rpcResult = (result: unknown, id: RpcId): string =>
  JSON.stringify({ jsonrpc: '2.0', result, id });

export const rpcError = (code: number, message: string, id: RpcId): string =>
  JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id });

export const PARSE_ERROR = -32_700;
export const INVALID_REQUEST = -32_600;
export const METHOD_NOT_FOUND = -32_601;
export const INVALID_PARAMS = -32_602;
export const NODE_UNHEALTHY = -32_005;

export interface RpcCall {
  method: string;
  params: readonly unknown[];
  id: RpcId;
}

/** Reads one call; a text is the error to answer with. */
export function readRpcCall(value: unknown): RpcCall | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return rpcError(INVALID_REQUEST, 'Invalid request', null);
  }
  const { jsonrpc, method, params = [], id = null } = value as Record<string, unknown>;
  const isId = id === null || typeof id === 'number' || typeof id === 'string';
  if (jsonrpc !== '2.0' || typeof method !== 'string' || !isId) {
    return rpcError(INVALID_REQUEST, 'Invalid request', isId ? (id as RpcId) : null);
  }
  if (!Array.isArray(params)) return rpcError(INVALID_PARAMS, 'Invalid params', id as RpcId);
  return { method, params, id: id as RpcId };
}
