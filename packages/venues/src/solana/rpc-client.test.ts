import { expect, test } from 'vitest';
import { createSolanaRpcClient, SolanaRpcError } from './rpc-client.ts';

const OWNER = 'Owner';
const { signal } = new AbortController();

function setUp(answer: (body: unknown) => Response | Error) {
  const asked: unknown[] = [];
  const client = createSolanaRpcClient('http://node/?api-key=secret', {
    fetch: async (_, init) => {
      const body: unknown = JSON.parse(String(init?.body));
      asked.push(body);
      const given = answer(body);
      if (given instanceof Error) throw given;
      return given;
    },
  });
  return { client, asked };
}
const json = (value: unknown, init?: ResponseInit) => new Response(JSON.stringify(value), init);
const accounts = (...value: unknown[]) =>
  json({ jsonrpc: '2.0', id: 1, result: { context: { slot: 7 }, value } });
const account = (text: string, owner = OWNER) => ({ owner, lamports: 1, data: [btoa(text), 'base64'] });

test('reads accounts in the order asked for; absent ones and those of others are null', async () => {
  const { client, asked } = setUp(() => accounts(account('a'), null, account('b', 'Other')));
  const { slot, data } = await client.readAccounts(['A', 'B', 'C'], OWNER, signal);
  expect(slot).toBe(7);
  expect(data.map((bytes) => (bytes === null ? null : Buffer.from(bytes).toString()))).toEqual([
    'a',
    null,
    null,
  ]);
  expect(asked).toEqual([
    {
      jsonrpc: '2.0',
      id: 1,
      method: 'getMultipleAccounts',
      params: [['A', 'B', 'C'], { commitment: 'processed', encoding: 'base64' }],
    },
  ]);
});

test.each([
  ['unreachable', () => new Error('connect to http://node/?api-key=secret failed')],
  ['http_status', () => new Response('http://node/?api-key=secret', { status: 503 })],
  ['rate_limited', () => new Response('', { status: 429, headers: { 'retry-after': '3' } })],
  ['wrong_shape', () => new Response('<html>')],
  ['wrong_shape', () => accounts()],
  ['wrong_shape', () => accounts({ owner: OWNER, data: ['a', 'base58'] })],
  ['rpc_error', () => json({ jsonrpc: '2.0', id: 1, error: { code: -32_005, message: 'Node is behind' } })],
])('%s', async (reason, answer) => {
  const { client } = setUp(answer);
  const error: unknown = await client.readAccounts(['A'], OWNER, signal).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SolanaRpcError);
  expect(error).toMatchObject({ reason, retryAfterMs: reason === 'rate_limited' ? 3_000 : null });
  expect(String(error)).not.toContain('secret');
});
