import { describe, expect, it, vi } from 'vitest';
import { readTradeEvent } from '../testing/event-reader.ts';
import { type Client, startSimulator } from '../testing/start-simulator.ts';
import { HOSTILE_LOGS } from './hostile-logs.ts';
import { PUMP_PROGRAM } from './program-event.ts';

// Much work or real sockets: a busy machine takes longer than the default allows.
vi.setConfig({ testTimeout: 60_000 });

interface Logged {
  signature: string;
  err: unknown;
  logs: string[];
}

const call = (method: string, params: unknown[] = [], id: unknown = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});
const SUBSCRIBE = call('logsSubscribe', [{ mentions: [PUMP_PROGRAM] }, { commitment: 'processed' }]);

const loggedBy = (client: Client): Logged[] =>
  client.events.all.flatMap(({ json }) =>
    json?.method === 'logsNotification' ? [(json.params as { result: { value: Logged } }).result.value] : [],
  );
const eventsOf = ({ logs }: Logged, discriminator: string) =>
  logs
    .filter((line) => line.startsWith('Program data: '))
    .map((line) => Buffer.from(line.slice('Program data: '.length), 'base64'))
    .filter((bytes) => bytes.subarray(0, 8).toString('hex') === discriminator);
const tradesOf = (logged: Logged) => eventsOf(logged, 'bddb7fd34ee661ee').map(readTradeEvent);

async function startSolana(env: Record<string, string> = {}) {
  const simulator = await startSimulator({ SIM_SPEED: '20', ...env });
  const client = await simulator.connect('/solana');
  const rpc = async (body: unknown) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await fetch(simulator.url('/solana'), { method: 'POST', body: text });
    return (await answer.json()) as { result?: never; error?: { code: number; message: string } };
  };
  return { ...simulator, client, rpc };
}

describe('the websocket of a Solana node', () => {
  it('tells the same trades as PumpPortal, some of them two to a transaction', async () => {
    const { client, connect } = await startSolana();
    const portal = await connect('/api/data?api-key=simulator');
    portal.socket.on('message', (data) => {
      const frame = JSON.parse(data.toString()) as { txType?: string; mint?: string };
      if (frame.txType === 'create') portal.send({ method: 'subscribeTokenTrade', keys: [frame.mint] });
    });
    client.send(SUBSCRIBE);
    expect(await client.next('result')).toMatchObject({ jsonrpc: '2.0', id: 1, result: expect.any(Number) });
    portal.send({ method: 'subscribeNewToken' });
    const sound = () => loggedBy(client).filter(({ err }) => err === null);
    const curveTrades = () =>
      portal.events.all.filter(({ json }) => json?.pool === 'pump' && json?.txType !== 'create');
    await client.events.waitUntil(
      () => curveTrades().length > 40 && sound().some((logged) => tradesOf(logged).length > 1),
      50_000,
    );
    const told = new Map(sound().map((logged) => [logged.signature, tradesOf(logged)]));
    for (const { json } of curveTrades().slice(0, 40)) {
      const same = told
        .get(String(json?.signature))
        ?.filter(
          ({ user, isBuy, tokenAmount }) =>
            user === json?.traderPublicKey &&
            isBuy === (json?.txType === 'buy') &&
            Number(tokenAmount) / 1e6 === json?.tokenAmount,
        );
      expect(same).toHaveLength(1);
      expect(same?.[0]).toMatchObject({ mint: json?.mint, instruction: json?.txType });
      expect(Number(same?.[0]?.solAmount) / 1e9).toBe(json?.solAmount);
      expect(Number(same?.[0]?.virtualTokens) / 1e6).toBe(json?.vTokensInBondingCurve);
    }
  });

  it('tells creations, completions and migrations, and what failed with its error', async () => {
    const { client } = await startSolana();
    client.send(SUBSCRIBE);
    const withEvent = (discriminator: string) =>
      loggedBy(client).find((logged) => logged.err === null && eventsOf(logged, discriminator).length > 0);
    await client.events.waitUntil(
      () =>
        withEvent('1b72a94ddeeb6376') !== undefined &&
        withEvent('5f72619cd42e9808') !== undefined &&
        withEvent('bde95db95c94ea94') !== undefined,
      50_000,
    );
    const complete = withEvent('5f72619cd42e9808');
    const last = complete && tradesOf(complete).at(-1);
    expect(last).toMatchObject({ realTokens: 0n, isBuy: true });
    const failed = loggedBy(client).filter(({ err }) => err !== null);
    expect(failed.length).toBeGreaterThan(5);
    expect(failed.some((logged) => tradesOf(logged).length > 0)).toBe(true);
    for (const { logs } of loggedBy(client)) expect(nesting(logs)).toBe(0);
  });

  it('cuts logs before the event when the switch says so', async () => {
    const { client, post } = await startSolana();
    await post('/sim/trades', { truncateLogsOneIn: 1 });
    client.send(SUBSCRIBE);
    const sound = () => loggedBy(client).filter(({ err }) => err === null);
    await client.events.waitUntil(() => sound().length > 3);
    for (const logged of sound()) {
      expect(tradesOf(logged)).toEqual([]);
      expect(logged.logs.at(-1)).toBe('Log truncated');
    }
  });

  it('filters by the one account mentioned, and stops when told', async () => {
    const { client } = await startSolana();
    client.send(call('logsSubscribe', [{ mentions: ['pAMMBay6oceH9fJKBRHGP5D4bD4sWpmSwMn52FMfXEA'] }]));
    const other = (await client.next('result')).result;
    client.send(SUBSCRIBE);
    const mine = (await client.next('result')).result;
    expect(mine).not.toBe(other);
    await client.events.awaitNext(({ json }) => json?.method === 'logsNotification');
    client.send(call('slotSubscribe', [], 'slots'));
    const slots = (await client.next('result')).result;
    client.send(call('logsUnsubscribe', [mine], 'stop'));
    await client.events.awaitNext(({ json }) => json?.id === 'stop' && json.result === true);
    const before = loggedBy(client).length;
    for (let count = 0; count < 3; count += 1) {
      const { json } = await client.events.awaitNext(({ json }) => json?.method === 'slotNotification');
      expect(json?.params).toMatchObject({ subscription: slots, result: { slot: expect.any(Number) } });
    }
    expect(loggedBy(client).length).toBe(before);
    client.send(call('logsUnsubscribe', [mine], 'again'));
    expect(await client.next('error')).toMatchObject({ id: 'again', error: { code: -32_602 } });
  });

  it.each([
    ['nonsense', -32_700],
    ['[]', -32_600],
    ['{"jsonrpc":"1.0","id":1,"method":"x"}', -32_600],
    [JSON.stringify(call('accountSubscribe')), -32_601],
    [JSON.stringify(call('logsSubscribe', [{ mentions: ['a', 'b'] }])), -32_602],
    [JSON.stringify(call('logsSubscribe')), -32_602],
  ])('refuses %s with %i', async (text, code) => {
    const { client } = await startSolana();
    client.send(text);
    expect(await client.next('error')).toMatchObject({ error: { code } });
  });

  it('sends hostile notifications in every kind', async () => {
    const { client, post } = await startSolana();
    client.send(SUBSCRIBE);
    await client.next('result');
    await post('/sim/silence', { venue: 'solana' });
    for (const [seed, kind] of HOSTILE_LOGS.entries()) {
      const before = client.events.all.length;
      expect((await post('/sim/hostile', { venue: 'solana', kind, seed })).body).toEqual({ sent: 1, kind });
      await client.events.waitUntil(() => client.events.all.length > before);
    }
    expect(client.socket.readyState).toBe(client.socket.OPEN);
  });
});

describe('the HTTP side of a Solana node', () => {
  it('gives the accounts of curves as they are now', async () => {
    const { client, rpc, get } = await startSolana();
    client.send(SUBSCRIBE);
    await client.events.waitUntil(
      () => loggedBy(client).filter((logged) => tradesOf(logged).length > 0).length > 5,
    );
    const { tokens } = (await get('/sim/tokens')).body as {
      tokens: {
        curveAddress: string;
        virtualSolLamports: string;
        virtualTokenUnits: string;
        trades: number;
      }[];
    };
    const quiet = tokens.filter(({ trades }) => trades > 0).slice(0, 3);
    const keys = [...quiet.map(({ curveAddress }) => curveAddress), PUMP_PROGRAM];
    const { result } = await rpc(call('getMultipleAccounts', [keys, { encoding: 'base64' }]));
    const { context, value } = result as unknown as {
      context: { slot: number };
      value: ({ data: [string, string]; owner: string; lamports: number; space: number } | null)[];
    };
    expect(context.slot).toBeGreaterThan(430_000_000);
    expect(value.at(-1)).toBeNull();
    const accounts = value.slice(0, -1).map((account) => {
      expect(account).toMatchObject({ owner: PUMP_PROGRAM, space: 151 });
      const bytes = Buffer.from(account?.data[0] ?? '', 'base64');
      expect(account?.lamports).toBe(1_941_840 + Number(bytes.readBigUInt64LE(32)));
      return bytes;
    });
    // The curves go on trading: what was told before and what is told after frame the answer.
    const after = (await get('/sim/tokens')).body as typeof undefined as unknown as { tokens: typeof tokens };
    for (const [index, bytes] of accounts.entries()) {
      const states = [quiet[index], after.tokens.find(({ curveAddress }) => curveAddress === keys[index])];
      expect(states.map((state) => state?.virtualTokenUnits)).toContain(String(bytes.readBigUInt64LE(8)));
    }
    const one = await rpc(call('getAccountInfo', [keys[0], { encoding: 'base64' }]));
    expect((one.result as unknown as { value: unknown }).value).toMatchObject({ owner: PUMP_PROGRAM });
  });

  it('says how the node is, and what is wrong with a request', async () => {
    const { rpc, url } = await startSolana();
    expect(await rpc(call('getHealth'))).toEqual({ jsonrpc: '2.0', result: 'ok', id: 1 });
    expect(await rpc([call('getSlot'), call('getVersion', [], 2)])).toMatchObject([
      { result: expect.any(Number) },
      { result: { 'solana-core': expect.any(String) } },
    ]);
    expect(await rpc('{')).toMatchObject({ error: { code: -32_700 } });
    expect(await rpc({})).toMatchObject({ error: { code: -32_600 } });
    expect(await rpc(call('getBalance'))).toMatchObject({ error: { code: -32_601 } });
    const keys = Array.from({ length: 101 }, () => PUMP_PROGRAM);
    expect(await rpc(call('getMultipleAccounts', [keys]))).toMatchObject({
      error: { code: -32_602, message: 'Too many inputs provided; max 100' },
    });
    expect((await fetch(url('/solana'))).status).toBe(405);
  });
});

/** How many calls of a log are still open at its end. */
function nesting(logs: readonly string[]): number {
  const calls: string[] = [];
  for (const line of logs) {
    const [, program, what] = /^Program (\w{32,44}) (invoke|success|failed)/.exec(line) ?? [];
    if (what === 'invoke') calls.push(program ?? '');
    else if (what && calls.pop() !== program) throw new Error(`${program} ended out of turn`);
  }
  return calls.length;
}
