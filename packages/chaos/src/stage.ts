import { findFreePort } from '@onefeed/local-postgres';
import pg from 'pg';
import { type Child, readMetric, startChild } from './child.ts';
import { createSimulator, type Simulator } from './simulator.ts';
import { waitFor } from './wait-for.ts';

const READY_WITHIN_MS = 60_000;

export interface StageOptions {
  databaseUrl: string;
  seed: number;
  /** Venue time per wall time. */
  speed: number;
  instruments: readonly string[];
  gateways: number;
  /** More variables of the simulator and of each gateway. */
  simulator?: Readonly<Record<string, string>>;
  gateway?: Readonly<Record<string, string>>;
}

/** A database, the simulated venues, and gateways of which one leads and the others stand by. */
export interface Stage {
  options: StageOptions;
  database: pg.Pool;
  simulator: Simulator;
  /** The gateways that live now. */
  gateways(): Child[];
  /** The gateway that leads Binance; null while nobody does. */
  leader(): Promise<Child | null>;
  /** kill -9. */
  kill(gateway: Child): Promise<void>;
  startGateway(): Promise<Child>;
  /** What ended by itself. */
  crashes(): string[];
  /** Ends every process; the crashes then include those that did not stop as asked. */
  stop(): Promise<void>;
}

export async function createStage(options: StageOptions): Promise<Stage> {
  const simulatorPort = await findFreePort();
  const simulatorChild = startChild('market-sim', 'market-sim', await findFreePort(), {
    SIM_PORT: String(simulatorPort),
    SIM_SEED: String(options.seed),
    SIM_SPEED: String(options.speed),
    SIM_CONTROL: 'enabled',
    LOG_LEVEL: 'warn',
    ...options.simulator,
  });
  const simulator = createSimulator(simulatorChild, simulatorPort);
  const database = new pg.Pool({ connectionString: options.databaseUrl, max: 3 });
  database.on('error', () => {});
  const everStarted: Child[] = [];
  let gateways: Child[] = [];

  async function startGateway(): Promise<Child> {
    const child = startChild('feed-gateway', `feed-gateway ${everStarted.length + 1}`, await findFreePort(), {
      DATABASE_URL: options.databaseUrl,
      BINANCE_WS_URL: `ws://127.0.0.1:${simulatorPort}`,
      BINANCE_REST_URL: `http://127.0.0.1:${simulatorPort}`,
      PUMPPORTAL_WS_URL: `ws://127.0.0.1:${simulatorPort}/api/data`,
      PUMPPORTAL_API_KEY: 'chaos',
      PUMPFUN_SOURCE: 'both',
      SOLANA_RPC_URL: `http://127.0.0.1:${simulatorPort}/solana`,
      SOLANA_WS_URL: `ws://127.0.0.1:${simulatorPort}/solana`,
      INSTRUMENTS: options.instruments.join(','),
      LOG_LEVEL: 'warn',
      ...options.gateway,
    });
    everStarted.push(child);
    gateways.push(child);
    return child;
  }

  async function leader(): Promise<Child | null> {
    for (const gateway of gateways) {
      const text = await gateway.metrics().catch(() => '');
      if (readMetric(text, 'onefeed_feed_leader', { venue: 'binance' }) === 1) return gateway;
    }
    return null;
  }

  const stage: Stage = {
    options,
    database,
    simulator,
    gateways: () => [...gateways],
    leader,
    async kill(gateway) {
      gateways = gateways.filter((one) => one !== gateway);
      await gateway.kill();
    },
    startGateway,
    crashes: () => [simulatorChild, ...everStarted].flatMap((child) => child.crash() ?? []),
    async stop() {
      await Promise.all(gateways.map((gateway) => gateway.stop()));
      await simulatorChild.stop();
      await database.end();
    },
  };
  try {
    await waitFor('the simulator', READY_WITHIN_MS, async () => {
      if (stage.crashes().length > 0) return true;
      return (await simulator.state()) !== undefined;
    });
    for (let count = 0; count < options.gateways; count += 1) await startGateway();
    await waitFor('a ready gateway', READY_WITHIN_MS, async () => {
      const [crash] = stage.crashes();
      if (crash !== undefined) return true;
      const lead = await leader();
      return lead !== null && (await fetch(`${lead.internalUrl}/readyz`)).ok;
    });
    if (stage.crashes().length > 0) throw new Error(stage.crashes().join('\n'));
  } catch (error) {
    const output = [simulatorChild, ...everStarted].map((child) => `${child.name}:\n${child.output()}`);
    await stage.stop();
    throw new Error(`${(error as Error).message}\n${output.join('\n')}`);
  }
  return stage;
}
