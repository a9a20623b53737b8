import { describe, expect, it, vi } from 'vitest';
import { startSimulator } from '../testing/start-simulator.ts';

// Much work or real sockets: a busy machine takes longer than the default allows.
vi.setConfig({ testTimeout: 30_000 });

const PATHS = [
  ['binance', '/stream?streams=btcusdt@kline_1m'],
  ['pumpfun', '/api/data'],
  ['solana', '/solana'],
] as const;

interface State {
  violations: number;
  violationKinds: Record<string, number>;
  mostConnectionsPerStream: number;
  venues: { venue: string; connections: number; maxConnections: number; overlaps: number }[];
}

describe.each(PATHS)('a connection to %s', (venue, path) => {
  it('is cut without a close frame, or closed with one', async () => {
    const { connect, post } = await startSimulator();
    const cut = await connect(path);
    expect((await post('/sim/drop', { venue })).body).toEqual({ dropped: 1 });
    expect(await cut.closed()).toMatchObject({ code: 1006 });
    const closed = await connect(path);
    await post('/sim/drop', { venue, how: 'close' });
    expect(await closed.closed()).toMatchObject({ code: 1001 });
  });

  it('vanishes: no frame, no answer, no pong, and no end either', async () => {
    const { connect, post } = await startSimulator({ SIM_SPEED: '60', SIM_SECOND_CONNECTION: 'allow' });
    const client = await connect(path);
    client.socket.ping();
    await client.events.awaitNext(({ type }) => type === 'pong');
    await post('/sim/drop', { venue, how: 'vanish' });
    const before = client.events.all.length;
    client.socket.ping();
    client.send('nonsense');
    // A live connection has answered the same long before this one, opened afterwards, has.
    const witness = await connect(path);
    witness.send('nonsense');
    await witness.events.awaitNext(({ json }) => json !== undefined && !('stream' in json || 'mint' in json));
    witness.socket.ping();
    await witness.events.awaitNext(({ type }) => type === 'pong');
    expect(client.events.all.slice(before)).toEqual([]);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
  });

  it('is cut and refused for a while: a reconnect gap', async () => {
    const { connect, post } = await startSimulator();
    const client = await connect(path);
    await post('/sim/gap', { venue, seconds: 1 });
    expect(await client.closed()).toMatchObject({ code: 1006 });
    await expect(connect(path)).rejects.toThrow('503');
    await client.events.waitUntil(() =>
      connect(path).then(
        () => true,
        () => false,
      ),
    );
  });

  it('is counted once when the client waits for its old end, twice when it does not', async () => {
    const { connect, get } = await startSimulator({ SIM_SECOND_CONNECTION: 'allow' });
    const report = async () =>
      ((await get('/sim/state')).body as State).venues.find((state) => state.venue === venue);
    for (let count = 0; count < 5; count += 1) {
      const client = await connect(path);
      if (count % 2 === 0) client.socket.close();
      else client.socket.terminate();
      await client.closed();
    }
    expect(await report()).toMatchObject({ maxConnections: 1, connectionsTotal: 5, overlaps: 0 });
    const old = await connect(path);
    const fresh = await connect(path);
    old.socket.close();
    await old.closed();
    await fresh.events.waitUntil(async () => (await report())?.connections === 1);
    expect(await report()).toMatchObject({ maxConnections: 2, connectionsTotal: 7, overlaps: 1 });
  });
});

describe('a rollover of Binance connections', () => {
  it('shows as a stream on two connections; streams spread over two do not', async () => {
    const { connect, get } = await startSimulator();
    const state = async () => (await get('/sim/state')).body as State;
    await connect('/ws/btcusdt@kline_1m');
    await connect('/ws/ethusdt@kline_1m');
    expect(await state()).toMatchObject({ mostConnectionsPerStream: 1 });
    await connect('/ws/btcusdt@kline_1m');
    expect(await state()).toMatchObject({ mostConnectionsPerStream: 2, violations: 0 });
  });

  it('follows a shutdown: announced, and closed only for those who were there', async () => {
    const { connect, post } = await startSimulator();
    const old = await connect('/ws');
    await post('/sim/shutdown', { closeAfterSeconds: 0.2 });
    expect(await old.next('e')).toMatchObject({ e: 'serverShutdown' });
    const fresh = await connect('/ws');
    expect(await old.closed()).toMatchObject({ code: 1001, reason: 'Server shutdown' });
    fresh.send({ method: 'LIST_SUBSCRIPTIONS', id: 1 });
    expect(await fresh.next('result')).toEqual({ result: [], id: 1 });
  });

  it('comes after 24 hours of venue time when the switch says so', async () => {
    const { connect, post } = await startSimulator({ SIM_SPEED: '100000' });
    const client = await connect('/ws');
    await post('/sim/lifetime', { hours: 24 });
    // 24 hours are 0.864 s at this speed.
    expect(await client.closed()).toMatchObject({ code: 1006 });
    const second = await connect('/ws');
    await post('/sim/lifetime', { hours: 0 });
    second.send({ method: 'LIST_SUBSCRIPTIONS', id: 1 });
    expect(await second.next('result')).toMatchObject({ id: 1 });
  });
});

describe('the one-connection rule of PumpPortal', () => {
  it('is told as a violation with its kind', async () => {
    const { connect, get } = await startSimulator();
    await connect('/api/data');
    await (await connect('/api/data')).closed();
    const { violationKinds, venues } = (await get('/sim/state')).body as State;
    expect(violationKinds).toEqual({ 'pumpfun second connection': 1 });
    expect(venues).toContainEqual(
      expect.objectContaining({ venue: 'pumpfun', maxConnections: 2, overlaps: 1 }),
    );
  });
});
