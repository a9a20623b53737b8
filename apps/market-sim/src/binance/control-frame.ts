import type { EventForm } from './kline-event.ts';

/** Reply texts: binance-spot-api-docs, web-socket-streams.md. */
export type ReplyId = number | string | null;

export type ControlRequest =
  | { method: 'SUBSCRIBE' | 'UNSUBSCRIBE'; streams: string[]; id: ReplyId }
  | { method: 'LIST_SUBSCRIPTIONS'; id: ReplyId }
  | { method: 'SET_PROPERTY'; combined: boolean; id: ReplyId }
  | { method: 'GET_PROPERTY'; id: ReplyId };

export type ParsedControl = { request: ControlRequest } | { errorText: string };

const METHODS = ['SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS', 'SET_PROPERTY', 'GET_PROPERTY'];
const MAX_ID_LENGTH = 36;

export const resultText = (result: unknown, id: ReplyId): string => JSON.stringify({ result, id });

const failure = (code: number, msg: string, id?: ReplyId): ParsedControl => ({
  errorText: JSON.stringify(id === undefined ? { code, msg } : { code, msg, id }),
});

/** Reads one text frame of a client; what the venue would refuse gives the text of its refusal. */
export function parseControlFrame(text: string): ParsedControl {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return failure(3, `Invalid JSON: expected value at line 1 column ${firstBadColumn(text)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return failure(2, `Invalid request: missing field \`method\` at line 1 column ${text.length}`);
  }
  const { method, params, id = null } = value as { method?: unknown; params?: unknown; id?: unknown };
  if (method === undefined) {
    return failure(2, `Invalid request: missing field \`method\` at line 1 column ${text.length}`);
  }
  if (typeof method !== 'string' || !METHODS.includes(method)) {
    const column = text.indexOf(JSON.stringify(method)) + JSON.stringify(method).length;
    const expected = METHODS.join(', ');
    return failure(
      2,
      `Invalid request: unknown variant ${String(method)}, expected one of ${expected} at line 1 column ${column}`,
    );
  }
  if (!isReplyId(id)) return failure(2, 'Invalid request: request ID must be an unsigned integer');
  return parseMethod(method as ControlRequest['method'], params, id);
}

function parseMethod(method: ControlRequest['method'], params: unknown, id: ReplyId): ParsedControl {
  if (method === 'LIST_SUBSCRIPTIONS') {
    if (Array.isArray(params) && params.length > 0) return failure(2, 'Invalid request: too many parameters');
    return { request: { method, id } };
  }
  const list: unknown[] = Array.isArray(params) ? params : [];
  if (method === 'SUBSCRIBE' || method === 'UNSUBSCRIBE') {
    const streams = list.filter((name) => typeof name === 'string');
    if (!Array.isArray(params) || streams.length !== list.length) {
      return failure(2, 'Invalid request: params must be an array of stream names');
    }
    return { request: { method, streams, id } };
  }
  const [property, value] = list;
  if (list.length > (method === 'SET_PROPERTY' ? 2 : 1))
    return failure(2, 'Invalid request: too many parameters');
  if (typeof property !== 'string') return failure(2, 'Invalid request: property name must be a string');
  if (property !== 'combined') return failure(0, 'Unknown property', id);
  if (method === 'GET_PROPERTY') return { request: { method, id } };
  if (typeof value !== 'boolean') return failure(1, 'Invalid value type: expected Boolean');
  return { request: { method, combined: value, id } };
}

function isReplyId(id: unknown): id is ReplyId {
  if (id === null) return true;
  if (typeof id === 'number') return Number.isInteger(id);
  return typeof id === 'string' && id.length <= MAX_ID_LENGTH && /^[A-Za-z0-9_-]*$/.test(id);
}

/** Column of the first character that no JSON value can start with; 1 for empty text. */
function firstBadColumn(text: string): number {
  const blank = /^\s*/.exec(text)?.[0].length ?? 0;
  return blank + 1;
}

/** The form a connection starts with, from its path and query. */
export const initialForm = (path: string, query: URLSearchParams): EventForm => ({
  combined: path === '/stream',
  microseconds: query.get('timeUnit')?.toUpperCase() === 'MICROSECOND',
});
