import { describe, expect, it, vi } from 'vitest';
import { type Client, startSimulator } from '../testing/start-simulator.ts';

// Much work or real sockets: a busy machine takes longer than the default allows.
vi.setConfig({ testTimeout: 30_000 });

const tradesOf = (client: Client) =>
  client.events.all.filter(({ json }) => json?.txType === 'buy' || json?.txType === 'sell');
const REFUSED = /only available when connecting with an API key funded/;

/** A client with a key that follows every token it hears of. */
async function startTrading(seed = '1', env: Record<string, string> = {}) {
  const simulator = await startSimulator({ SIM_SPEED: '20', SIM_SEED: seed, ...env });
  const client = await simulator.connect('/api/data?api-key=simulator');
  client.socket.on('message', (data) => {
    const frame = JSON.parse(data.toString()) as { txType?: string; mint?: string };
    if (frame.txType === 'create') client.send({ method: 'subscribeTokenTrade', keys: [frame.mint] });
  });
  client.send({ method: 'subscribeNewToken' });
  return { ...simulator, client };
}

describe('the trades of PumpPortal', () => {
  it('are refused as for a key without funds, and stop coming', async () => {
    const { client, post } = await startTrading();
    await client.events.waitUntil(() => tradesOf(client).length > 2);
    await post('/sim/trades', { refuse: true });
    const before = tradesOf(client).length;
    await client.events.awaitNext(({ json }) => REFUSED.test(String(json?.message)));
    expect(tradesOf(client).length).toBe(before);
    await post('/sim/trades', { refuse: false });
    await client.events.waitUntil(() => tradesOf(client).length > before);
  });

  it('stop in silence while acks and creates go on', async () => {
    const { client, post } = await startTrading();
    await client.events.waitUntil(() => tradesOf(client).length > 2);
    await post('/sim/trades', { stop: true });
    const before = tradesOf(client).length;
    for (let count = 0; count < 2; count += 1) {
      await client.events.awaitNext(({ json }) => json?.txType === 'create');
      await client.events.awaitNext(({ json }) => json?.message === 'Successfully subscribed to keys.');
    }
    expect(tradesOf(client).length).toBe(before);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
  });

  it('are lost, and the chain still counts them', async () => {
    const { client, post, get } = await startTrading('3');
    await post('/sim/trades', { loseOneIn: 2 });
    await client.events.waitUntil(() => tradesOf(client).length > 15);
    const tokens = (await get('/sim/tokens')).body as { tokens: { mint: string; trades: number }[] };
    const seen = new Map<unknown, number>();
    for (const { json } of tradesOf(client)) seen.set(json?.mint, (seen.get(json?.mint) ?? 0) + 1);
    const missing = tokens.tokens.filter(({ mint, trades }) => trades > (seen.get(mint) ?? 0) + 3);
    expect(missing.length).toBeGreaterThan(0);
  });

  it('are delayed: some come after younger ones', async () => {
    const { client, post } = await startTrading('4');
    await post('/sim/trades', { delayOneIn: 2, delayMs: 1_000 });
    // Reserves chain from trade to trade of one token: where they do not, one has overtaken another.
    const outOfOrder = () => {
      const last = new Map<unknown, number>();
      return tradesOf(client).filter(({ json }) => {
        const tokens = Number(json?.vTokensInBondingCurve);
        if (!Number.isFinite(tokens)) return false;
        const change = json?.txType === 'buy' ? -Number(json.tokenAmount) : Number(json?.tokenAmount);
        const before = last.get(json?.mint);
        last.set(json?.mint, tokens);
        return before !== undefined && Math.abs(before + change - tokens) > 1;
      }).length;
    };
    await client.events.waitUntil(() => outOfOrder() > 2);
  });
});
