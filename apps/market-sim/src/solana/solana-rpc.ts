import type { RestAnswer } from '../binance/rest.ts';
import type { Faults } from '../control/faults.ts';
import { curveAccountLamports, encodeCurveAccount } from './curve-account.ts';
import type { CurveLedger } from './curve-ledger.ts';
import { PUMP_PROGRAM } from './program-event.ts';
import {
  INVALID_PARAMS,
  METHOD_NOT_FOUND,
  NODE_UNHEALTHY,
  PARSE_ERROR,
  type RpcCall,
  readRpcCall,
  rpcError,
  rpcResult,
} from './rpc-error.ts';
import type { SlotClock } from './slot-clock.ts';

const MAX_ACCOUNTS = 100;
const VERSION = { 'feature-set': 3_294_202_862, 'solana-core': '2.3.6' };
/** What a node says for an account that pays no rent. */
const RENT_EPOCH = 18_446_744_073_709_552_000;

export interface SolanaRpcDeps {
  faults: Faults;
  ledger: CurveLedger;
  slots: SlotClock;
}

/** The HTTP side of a Solana node: accounts of bonding curves, and how the node is. */
export function createSolanaRpc({ faults, ledger, slots }: SolanaRpcDeps) {
  const inContext = (value: unknown) => ({
    context: { apiVersion: VERSION['solana-core'], slot: slots.slot() },
    value,
  });

  function account(address: unknown): unknown {
    const state = typeof address === 'string' ? ledger.byAddress(address) : undefined;
    if (!state) return null;
    const data = encodeCurveAccount(state);
    return {
      data: [data.toString('base64'), 'base64'],
      executable: false,
      lamports: Number(curveAccountLamports(state)),
      owner: PUMP_PROGRAM,
      rentEpoch: RENT_EPOCH,
      space: data.length,
    };
  }

  function answerCall({ method, params, id }: RpcCall): string {
    const code = faults.rpcErrorCodes.shift();
    if (code !== undefined) {
      const isBehind = code === NODE_UNHEALTHY;
      return rpcError(code, isBehind ? 'Node is behind by 160 slots' : 'Internal error', id);
    }
    switch (method) {
      case 'getHealth':
        return rpcResult('ok', id);
      case 'getSlot':
        return rpcResult(slots.slot(), id);
      case 'getVersion':
        return rpcResult(VERSION, id);
      case 'getAccountInfo':
        if (typeof params[0] !== 'string') return rpcError(INVALID_PARAMS, 'Invalid param: WrongSize', id);
        return rpcResult(inContext(account(params[0])), id);
      case 'getMultipleAccounts': {
        const [keys] = params;
        if (!Array.isArray(keys)) return rpcError(INVALID_PARAMS, 'Invalid params: expected a list', id);
        if (keys.length > MAX_ACCOUNTS) {
          return rpcError(INVALID_PARAMS, `Too many inputs provided; max ${MAX_ACCOUNTS}`, id);
        }
        return rpcResult(inContext(keys.map(account)), id);
      }
      default:
        return rpcError(METHOD_NOT_FOUND, 'Method not found', id);
    }
  }

  const answerOne = (value: unknown): string => {
    const call = readRpcCall(value);
    return typeof call === 'string' ? call : answerCall(call);
  };

  /** Answers the body of a POST: one call or a batch. JSON-RPC errors come with status 200. */
  return (body: string): RestAnswer => {
    const answer = (text: string): RestAnswer => ({
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: text,
    });
    let value: unknown;
    try {
      value = JSON.parse(body);
    } catch {
      return answer(rpcError(PARSE_ERROR, 'Parse error', null));
    }
    return answer(Array.isArray(value) ? `[${value.map(answerOne).join(',')}]` : answerOne(value));
  };
}
