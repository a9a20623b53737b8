import type { Kit, Service } from '@onefeed/service-kit';
import { createBinanceStreams } from './binance/binance-streams.ts';
import { createKlineFeed } from './binance/kline-feed.ts';
import { createBinanceRest } from './binance/rest.ts';
import { BINANCE_KEEP_ALIVE } from './binance/stream-connection.ts';
import { createWeightMeter } from './binance/weight-meter.ts';
import { createSimClock } from './clock.ts';
import type { SimConfig } from './config.ts';
import { createConnectionTally } from './connection-tally.ts';
import { createControl } from './control/control.ts';
import { createFaultActions } from './control/fault-actions.ts';
import { FAULT_BODY } from './control/fault-body.ts';
import { parseFaultPlan } from './control/fault-plan.ts';
import { createFaultRunner } from './control/fault-runner.ts';
import { createFaults } from './control/faults.ts';
import { createFinalFate } from './control/final-fate.ts';
import { createHostileSenders } from './control/hostile-senders.ts';
import { createHttpFaults } from './control/http-faults.ts';
import { createQueries } from './control/queries.ts';
import { createGoneSockets } from './gone-sockets.ts';
import { HOUR_MS } from './market/interval.ts';
import { openMarket } from './market/open-market.ts';
import { createPumpPortal } from './pumpfun/pumpportal.ts';
import { createTokenWorld, MAX_TOKEN_SPEED } from './pumpfun/token-world.ts';
import { createTradeCourier } from './pumpfun/trade-courier.ts';
import { createSimMetrics } from './sim-metrics.ts';
import { createSimServer } from './sim-server.ts';
import { createCurveLedger } from './solana/curve-ledger.ts';
import { createSlotClock } from './solana/slot-clock.ts';
import { createSolanaFeed } from './solana/solana-feed.ts';
import { createSolanaRpc } from './solana/solana-rpc.ts';
import { createTicker } from './ticker.ts';

/** Wires the simulator. Nothing runs before `start`. Throws ReplayFileError and FaultPlanError. */
export async function buildSimulator(config: SimConfig, kit: Kit): Promise<Service> {
  const wallNow = () => performance.timeOrigin + performance.now();
  const startedAt = config.SIM_STARTED_AT ?? Math.floor(wallNow());
  const seed = config.SIM_SEED;
  const firstPlan = config.SIM_FAULTS === undefined ? undefined : parseFaultPlan(config.SIM_FAULTS);
  const market = await openMarket(seed, config.SIM_REPLAY ?? [], config.SIM_REPLAY_START_INDEX);
  const { source } = market;
  const elapsed = wallNow() - startedAt;
  const clock = createSimClock({
    startAt: (market.startAt ?? startedAt) + Math.floor(elapsed * config.SIM_SPEED),
    endAt: market.endAt,
    speed: config.SIM_SPEED,
    wallNow,
  });
  const faults = createFaults();
  const metrics = createSimMetrics(kit.metrics);
  const tally = createConnectionTally(metrics, wallNow);
  const gone = createGoneSockets();
  const onError = (error: unknown) => kit.logger.error({ err: error }, 'simulator fault');
  // Fates follow the plan's seed while a plan runs; the runner exists only once everything it acts on does.
  const fateSeed = () => runner.seed();

  const feed = createKlineFeed({ source, clock, seed, finalFate: createFinalFate(faults, fateSeed) });
  const streams = createBinanceStreams({
    feed,
    keepAlive: BINANCE_KEEP_ALIVE,
    wallNow,
    isSilent: (stream) =>
      faults.silentUntil.binance > wallNow() || (faults.silentStreams.get(stream) ?? 0) > wallNow(),
    isGone: gone.has,
    onFrame: (kind) => metrics.frame('binance', kind),
    onViolation: (kind) => metrics.violation('binance', kind),
  });

  const tokenSpeed = Math.min(config.SIM_SPEED, MAX_TOKEN_SPEED);
  const tokenClock = createSimClock({
    startAt: startedAt + Math.floor(elapsed * tokenSpeed),
    speed: tokenSpeed,
    wallNow,
  });
  const world = createTokenWorld({
    seed,
    startAt: startedAt,
    enterAt: tokenClock.now(),
    speed: tokenSpeed,
    tokensPerMinute: config.SIM_TOKENS_PER_MINUTE,
  });
  const courier = createTradeCourier(faults, fateSeed);
  const ledger = createCurveLedger();
  const pumpPortal = createPumpPortal({
    secondConnection: config.SIM_SECOND_CONNECTION,
    wallNow,
    isSilent: () => faults.silentUntil.pumpfun > wallNow(),
    refusesTrades: () => faults.tradesRefusedUntil > wallNow(),
    withholdsTrades: () => Math.max(faults.tradesStoppedUntil, faults.tradesRefusedUntil) > wallNow(),
    isGone: gone.has,
    onFrame: (kind) => metrics.frame('pumpfun', kind),
    onViolation: (kind) => metrics.violation('pumpfun', kind),
  });
  const slots = createSlotClock(wallNow);
  let subscriptions = 13_117_690;
  const solana = createSolanaFeed({
    faults,
    seed: fateSeed,
    courier,
    slots,
    isSilent: () => faults.silentUntil.solana > wallNow(),
    isGone: gone.has,
    nextSubscription: () => {
      subscriptions += 1;
      return subscriptions;
    },
    onFrame: (kind) => metrics.frame('solana', kind),
    onViolation: (kind) => metrics.violation('solana', kind),
  });

  const actions = createFaultActions({
    faults,
    metrics,
    wallNow,
    sockets: tally.sockets,
    gone,
    announceShutdown: () => streams.announceShutdown(clock.now()),
    followedStreams: () => feed.streamNames(),
    hostile: createHostileSenders({ source, now: clock.now, streams, solana }),
  });
  const runner = createFaultRunner(faults, actions, wallNow, seed);
  const queries = createQueries({
    source,
    now: clock.now,
    wallNow,
    faults,
    metrics,
    tally,
    ledger,
    mostSubscribers: () => feed.mostSubscribers,
  });
  const control = createControl({
    faults,
    actions,
    runner,
    queries,
    broadcast(venue, text) {
      for (const socket of tally.sockets(venue)) socket.send(text);
      return tally.sockets(venue).size;
    },
  });
  const httpFaults = createHttpFaults({
    faults,
    seed: fateSeed,
    wallNow,
    errorBody: FAULT_BODY,
    onViolation: metrics.violation,
  });
  const server = createSimServer({
    port: config.SIM_PORT,
    host: config.SIM_HOST,
    metrics,
    tally,
    gone,
    isRefusing: (venue) => faults.refusedUntil[venue] > wallNow(),
    withFaults: httpFaults.answer,
    rest: createBinanceRest({ source, now: clock.now, weights: createWeightMeter(wallNow) }),
    rpc: createSolanaRpc({ faults, ledger, slots }),
    onSocket: {
      binance: streams.serve,
      pumpfun: (socket, url) => pumpPortal.serve(socket, Boolean(url.searchParams.get('api-key'))),
      solana: solana.serve,
    },
    ...(config.SIM_CONTROL === 'enabled' ? { control } : {}),
    onError,
  });

  const tickers = [
    createTicker(
      {
        run() {
          feed.advance(clock.now());
          if (faults.lifetimeHours > 0) streams.expire((faults.lifetimeHours * HOUR_MS) / clock.speed);
        },
        wallDelay: () => clock.wallDelayUntil(feed.nextDue()),
      },
      onError,
    ),
    createTicker(
      {
        run() {
          for (const event of world.advance(tokenClock.now())) {
            if (event.chain) ledger.record(event.chain, event.signature);
            if (event.kind === 'trade') {
              courier.carry('pumpfun', event.text, () => pumpPortal.publish(event));
            } else {
              pumpPortal.publish(event);
            }
            solana.publish(event);
          }
        },
        wallDelay: () => tokenClock.wallDelayUntil(world.nextDue()),
      },
      onError,
    ),
    createTicker(solana, onError),
    createTicker(runner, onError),
  ];
  let listening = false;
  let port = config.SIM_PORT;

  return {
    async start() {
      port = await server.start();
      if (firstPlan) runner.begin(firstPlan);
      for (const ticker of tickers) ticker.start();
      listening = true;
      kit.logger.info({ port, seed, speed: config.SIM_SPEED }, 'simulated venues are open');
    },
    async stop() {
      for (const ticker of tickers) ticker.stop();
      actions.stop();
      courier.stop();
      if (listening) await server.stop();
      listening = false;
    },
    readiness: () => (listening ? [] : ['not listening']),
    figures: () => ({
      port,
      binanceConnections: metrics.connections('binance'),
      pumpfunConnections: metrics.connections('pumpfun'),
      solanaConnections: metrics.connections('solana'),
      streams: feed.streamCount,
      liveTokens: world.liveTokens,
      framesTotal: metrics.framesTotal(),
      violationsTotal: metrics.violationsTotal(),
      venueTime: clock.now(),
    }),
  };
}
