import { createKit, readConfig } from '@onefeed/service-kit';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { buildSimulator } from '../build.ts';
import { SimConfig } from '../config.ts';
import { SIM_VENUES } from '../sim-metrics.ts';
import { startSimulator } from '../testing/start-simulator.ts';
import { completePlan, type FaultPlan, FaultPlanError, parseFaultPlan, readFaultPlan } from './fault-plan.ts';
import { createFaultSchedule } from './fault-schedule.ts';

// Much work or real sockets: a busy machine takes longer than the default allows.
vi.setConfig({ testTimeout: 30_000 });

const HOUR_MS = 3_600_000;
const happenings = (plan: FaultPlan, stepMs = HOUR_MS) => {
  const schedule = createFaultSchedule(completePlan(plan));
  const all = [];
  for (let at = stepMs; at <= HOUR_MS; at += stepMs) all.push(...schedule.due(at));
  return all;
};

describe('the schedule of a plan', () => {
  it('is a function of the plan, however it is asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.constantFrom(1_000, 7_000, 60_000), (seed, step) => {
        const plan: FaultPlan = { seed, preset: 'all' };
        const asked = happenings(plan, step);
        const lastWhole = Math.floor(HOUR_MS / step) * step;
        expect(asked).toEqual(happenings(plan).filter(({ atMs }) => atMs <= lastWhole));
      }),
      { numRuns: 20 },
    );
    expect(happenings({ seed: 1, preset: 'all' })).not.toEqual(happenings({ seed: 2, preset: 'all' }));
  });

  it('keeps the rates that were asked for, in order of time', () => {
    const all = happenings({ seed: 3, perMinute: { binance: { drop: 5, silence: 1 }, pumpfun: { gap: 2 } } });
    const count = (venue: string, kind: string) =>
      all.filter((one) => one.venue === venue && one.kind === kind).length;
    expect(count('binance', 'drop')).toBeGreaterThan(240);
    expect(count('binance', 'drop')).toBeLessThan(360);
    expect(count('binance', 'silence')).toBeGreaterThan(35);
    expect(count('binance', 'silence')).toBeLessThan(90);
    expect(count('pumpfun', 'gap')).toBeGreaterThan(80);
    expect(count('pumpfun', 'gap')).toBeLessThan(160);
    expect(all.length).toBe(count('binance', 'drop') + count('binance', 'silence') + count('pumpfun', 'gap'));
    expect(all.map(({ atMs }) => atMs)).toEqual(all.map(({ atMs }) => atMs).sort((a, b) => a - b));
    for (const { kind, seconds } of all) {
      if (kind === 'drop') expect(seconds).toBe(0);
      else expect(seconds).toBeGreaterThan(0);
    }
  });

  it('has nothing without rates, and every kind of every venue with the preset', () => {
    expect(happenings({ seed: 1 })).toEqual([]);
    expect(createFaultSchedule(completePlan({ seed: 1 })).nextAtMs()).toBe(Infinity);
    const all = happenings({ seed: 1, preset: 'all' });
    const kinds = (venue: string) =>
      new Set(all.filter((one) => one.venue === venue).map(({ kind }) => kind));
    expect(SIM_VENUES.map((venue) => kinds(venue).size)).toEqual([10, 8, 7]);
    const calm = happenings({ seed: 1, preset: 'all', perMinute: { binance: { hostile: 0 } } });
    expect(calm.some(({ venue, kind }) => venue === 'binance' && kind === 'hostile')).toBe(false);
  });
});

describe('a plan that makes no sense', () => {
  it.each([
    [{}],
    [{ seed: -1 }],
    [{ seed: 1, perMinute: { kraken: { drop: 1 } } }],
    [{ seed: 1, perMinute: { binance: { refusedTrades: 1 } } }],
    [{ seed: 1, oneIn: { dropFinal: 0.5 } }],
    [{ seed: 1, seconds: { gap: 0 } }],
    [{ seed: 1, preset: 'some' }],
  ])('%j is refused', async (plan) => {
    expect(() => readFaultPlan(plan)).toThrow(FaultPlanError);
    const { post } = await startSimulator();
    expect((await post('/sim/faults', plan)).status).toBe(400);
  });

  it('stops the start with the name of the variable', async () => {
    expect(() => parseFaultPlan('{')).toThrow(/^SIM_FAULTS: /);
    const config = readConfig(SimConfig, { INTERNAL_PORT: '0', SIM_FAULTS: '{"seed":"x"}' });
    const kit = createKit({ service: 'market-sim', logLevel: 'fatal' });
    await expect(buildSimulator(config, kit)).rejects.toThrow(/^SIM_FAULTS: no fault plan: \/seed/);
  });
});

describe('a running plan', () => {
  it('begins with the process, hits the connections and ends with a reset', async () => {
    const plan = { seed: 5, perMinute: { binance: { drop: 600 } }, oneIn: { dropFinal: 7 } };
    const { connect, get, post, metric } = await startSimulator({ SIM_FAULTS: JSON.stringify(plan) });
    await (await connect('/ws')).closed();
    await (await connect('/ws')).closed();
    const report = (await get('/sim/faults')).body as { happened: number; recent: unknown[]; plan: unknown };
    expect(report.happened).toBeGreaterThanOrEqual(2);
    expect(report.plan).toMatchObject(plan);
    expect(report.recent[0]).toMatchObject({ venue: 'binance', kind: 'drop' });
    expect(report).toMatchObject({ faults: { dropFinalOneIn: 7 } });
    expect(await metric('onefeed_sim_faults_total{venue="binance",kind="drop"}')).toBeGreaterThanOrEqual(2);
    await post('/sim/reset', {});
    expect((await get('/sim/faults')).body).toMatchObject({ plan: null, faults: { dropFinalOneIn: 0 } });
    const calm = await connect('/ws');
    calm.send({ method: 'LIST_SUBSCRIPTIONS', id: 1 });
    expect(await calm.next('result')).toMatchObject({ id: 1 });
  });

  it('with everything on leaves the truth as it is', async () => {
    const range = 'symbol=SOLUSDT&interval=1m&from=1700000000000&to=1700003600000';
    const calm = await startSimulator({ SIM_SEED: '6' });
    const wild = await startSimulator({ SIM_SEED: '6' });
    expect((await wild.post('/sim/faults', { seed: 1, preset: 'all' })).status).toBe(200);
    await wild.post('/sim/ban', { seconds: 60 });
    await wild.post('/sim/refuse', { venue: 'binance' });
    const truth = (await wild.get(`/sim/truth?${range}`)).body as { klines: unknown[] };
    expect(truth.klines).toHaveLength(60);
    expect(truth).toEqual((await calm.get(`/sim/truth?${range}`)).body);
  });
});
