import type { Kit, Service } from '@onefeed/service-kit';
import { createBinanceStreams } from './binance/binance-streams.ts';
import { createKlineFeed } from './binance/kline-feed.ts';
import { createBinanceRest } from './binance/rest.ts';
import { BINANCE_KEEP_ALIVE } from './binance/stream-connection.ts';
import { createWeightMeter } from './binance/weight-meter.ts';
import { createSimClock } from './clock.ts';
import type { SimConfig } from './config.ts';
import { createControl } from './control/control.ts';
import { createFaults } from './control/faults.ts';
import { openMarket } from './market/open-market.ts';
import { createPumpPortal } from './pumpfun/pumpportal.ts';
import { createTokenWorld, MAX_TOKEN_SPEED } from './pumpfun/token-world.ts';
import { hash32 } from './random.ts';
import { createSimMetrics } from './sim-metrics.ts';
import { createSimServer, type SimServer } from './sim-server.ts';
import { createTicker } from './ticker.ts';

/** Wires the simulator. Nothing runs before `start`. */
export async function buildSimulator(config: SimConfig, kit: Kit): Promise<Service> {
  const wallNow = () => performance.timeOrigin + performance.now();
  const startedAt = config.SIM_STARTED_AT ?? Math.floor(wallNow());
  const seed = config.SIM_SEED;
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
  const onError = (error: unknown) => kit.logger.error({ err: error }, 'simulator fault');

  const feed = createKlineFeed({
    source,
    clock,
    seed,
    finalFate(stream, openTime) {
      const draw = hash32(seed, 'fate', stream, openTime);
      if (faults.dropFinalOneIn > 0 && draw % faults.dropFinalOneIn === 0) return 'drop';
      return faults.duplicateFinalOneIn > 0 && draw % faults.duplicateFinalOneIn === 0 ? 'duplicate' : 'send';
    },
  });

  const streams = createBinanceStreams({
    feed,
    keepAlive: BINANCE_KEEP_ALIVE,
    wallNow,
    isSilent: () => faults.silence.binance,
    onFrame: (kind) => metrics.frame('binance', kind),
    onViolation: () => metrics.violation('binance'),
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
  const pumpPortal = createPumpPortal({
    secondConnection: config.SIM_SECOND_CONNECTION,
    wallNow,
    isSilent: () => faults.silence.pumpfun,
    onFrame: (kind) => metrics.frame('pumpfun', kind),
    onViolation: () => metrics.violation('pumpfun'),
  });

  const control = createControl({
    source,
    now: clock.now,
    faults,
    metrics,
    sockets: (venue) => server.sockets(venue),
    announceShutdown: () => streams.announceShutdown(clock.now()),
  });
  const server: SimServer = createSimServer({
    port: config.SIM_PORT,
    host: config.SIM_HOST,
    metrics,
    faults,
    rest: createBinanceRest({ source, now: clock.now, weights: createWeightMeter(wallNow) }),
    onSocket: {
      binance: streams.serve,
      pumpfun: (socket, url) => pumpPortal.serve(socket, Boolean(url.searchParams.get('api-key'))),
    },
    ...(config.SIM_CONTROL === 'enabled' ? { control } : {}),
    onError,
  });

  const klineTicker = createTicker(
    {
      run: () => feed.advance(clock.now()),
      wallDelay: () => clock.wallDelayUntil(feed.nextDue()),
    },
    onError,
  );
  const tokenTicker = createTicker(
    {
      run: () => {
        for (const event of world.advance(tokenClock.now())) pumpPortal.publish(event);
      },
      wallDelay: () => tokenClock.wallDelayUntil(world.nextDue()),
    },
    onError,
  );
  let listening = false;
  let port = config.SIM_PORT;

  return {
    async start() {
      port = await server.start();
      klineTicker.start();
      tokenTicker.start();
      listening = true;
      kit.logger.info({ port, seed, speed: config.SIM_SPEED }, 'simulated venues are open');
    },
    async stop() {
      klineTicker.stop();
      tokenTicker.stop();
      if (listening) await server.stop();
      listening = false;
    },
    readiness: () => (listening ? [] : ['not listening']),
    figures: () => ({
      port,
      binanceConnections: metrics.connections('binance'),
      pumpfunConnections: metrics.connections('pumpfun'),
      streams: feed.streamCount,
      liveTokens: world.liveTokens,
      framesTotal: metrics.framesTotal(),
      violationsTotal: metrics.violationsTotal(),
      venueTime: clock.now(),
    }),
  };
}
