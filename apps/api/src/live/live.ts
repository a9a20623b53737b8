import type { Bus } from '@onefeed/bus';
import type { FastifyBaseLogger } from 'fastify';
import type { ApiMetrics } from '../metrics.ts';
import { createOverview, type Overview } from '../operations/overview.ts';
import type { Repositories } from '../repositories.ts';
import type { BuiltInRule } from '../strategies/built-in-rules.ts';
import { type BotStreams, createBotStreams } from './bot-streams.ts';
import { type CandleStreams, createCandleStreams } from './candle-streams.ts';
import { type Channels, createChannels } from './channels.ts';
import { createHub } from './hub.ts';
import { createInstrumentDirectory, type InstrumentDirectory } from './instrument-directory.ts';
import { createLiveFeeds, type LiveFeeds } from './live-feeds.ts';
import { createSessionRegistry, type SessionLimits, type SessionRegistry } from './session-registry.ts';
import { createSignalStreams, type SignalStreams } from './signal-streams.ts';
import { createStreamDemand } from './stream-demand.ts';

const SWEEP_MS = 1_000;
/** The `admin` channel is told every two seconds. */
const ADMIN_EVERY_SWEEPS = 2;

/** The live half of the api: streams, who reads them, and where they come from. */
export interface Live {
  channels: Channels;
  sessions: SessionRegistry;
  candleStreams: CandleStreams;
  signalStreams: SignalStreams;
  botStreams: BotStreams;
  instruments: InstrumentDirectory;
  overview: Overview;
  feeds: LiveFeeds;
  subscriptions(): number;
  start(): void;
  /** Says goodbye (1012) to every client, gives the demand back and stops reading. */
  stop(): Promise<void>;
}

export function createLive(deps: {
  repositories: Repositories;
  bus: Bus;
  instance: string;
  epoch: string;
  builtInRules: readonly BuiltInRule[];
  alwaysOnInstruments: readonly string[];
  maxCapacity: number;
  sessionLimits: SessionLimits;
  metrics: ApiMetrics;
  log: Pick<FastifyBaseLogger, 'warn' | 'info'>;
  now: () => number;
  random: () => number;
}): Live {
  const { repositories, bus, log, now } = deps;
  const sessions = createSessionRegistry(deps.sessionLimits);
  const hub = createHub({ epoch: deps.epoch, now, onDelivered: deps.metrics.delivered });
  const subscriptions = (): number => {
    let count = 0;
    for (const session of sessions.all()) count += session.subscriptions();
    return count;
  };
  const instruments = createInstrumentDirectory({
    instruments: repositories.instruments,
    alwaysOn: deps.alwaysOnInstruments,
    now,
  });
  const demand = createStreamDemand({
    holder: deps.instance,
    demand: repositories.streamDemand,
    bus,
    watched: () => candleStreams.watched(),
    log,
  });
  const candleStreams = createCandleStreams({ hub, candles: repositories.candles, onDemand: demand.changed });
  const signalStreams = createSignalStreams({
    hub,
    builtInRules: new Set(deps.builtInRules.map((rule) => rule.ruleKey)),
    bots: repositories.botQueries,
    signals: repositories.signals,
  });
  const botStreams = createBotStreams({ hub, bots: repositories.botQueries });
  const overview = createOverview({
    operations: repositories.operations,
    killSwitch: repositories.killSwitch,
    maxCapacity: deps.maxCapacity,
    live: () => ({ sockets: sessions.all().size, subscriptions: subscriptions() }),
    now,
  });
  const channels = createChannels({
    hub,
    candleStreams,
    signalStreams,
    botStreams,
    tokens: repositories.tokens,
    instruments,
    overview,
  });
  const feeds = createLiveFeeds({
    bus,
    candles: repositories.candles,
    tokenEvents: repositories.tokenEvents,
    signals: repositories.signals,
    botEvents: repositories.botEvents,
    candleStreams,
    signalStreams,
    botStreams,
    channels,
    log,
    random: deps.random,
  });

  let sweepTimer: NodeJS.Timeout | undefined;
  let sweeps = 0;
  const sweep = (): void => {
    const time = now();
    for (const session of sessions.all()) session.sweep(time);
    const forgotten = hub.sweep(time);
    if (forgotten.length > 0) {
      signalStreams.forget(forgotten);
      candleStreams.forget(forgotten);
      demand.changed();
    }
    sweeps += 1;
    if (sweeps % ADMIN_EVERY_SWEEPS === 0) {
      channels.tellAdmins().catch((error: unknown) => log.warn({ err: error }, 'admins were not told'));
    }
  };

  return {
    channels,
    sessions,
    candleStreams,
    signalStreams,
    botStreams,
    instruments,
    overview,
    feeds,
    subscriptions,
    start: () => {
      feeds.start();
      demand.start();
      sweepTimer = setInterval(sweep, SWEEP_MS);
    },
    stop: async () => {
      clearInterval(sweepTimer);
      sessions.closeAll();
      await feeds.stop();
      await demand.stop();
    },
  };
}
