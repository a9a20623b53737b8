import type { WebSocket } from 'ws';
import type { GoneSockets } from '../gone-sockets.ts';
import { createRandom, type Random } from '../random.ts';
import type { SimMetrics, SimVenue } from '../sim-metrics.ts';
import type { FaultKind } from './fault-schedule.ts';
import type { Faults } from './faults.ts';

/** How a connection is lost: cut without a close frame, closed with one, or as if unplugged. */
export const DROP_WAYS = ['cut', 'close', 'vanish'] as const;
export type DropWay = (typeof DROP_WAYS)[number];

const CLOSE_GOING_AWAY = 1001;

export interface HostileSender {
  kinds: readonly string[];
  /** The frame of this kind for this client; undefined when there is nothing to spoil. */
  frame(socket: WebSocket, kind: string, random: Random): string | Buffer | undefined;
}

export interface FaultActionsDeps {
  faults: Faults;
  metrics: SimMetrics;
  wallNow: () => number;
  sockets(venue: SimVenue): ReadonlySet<WebSocket>;
  gone: GoneSockets;
  announceShutdown(): void;
  /** Streams that Binance clients follow now. */
  followedStreams(): readonly string[];
  hostile: Record<SimVenue, HostileSender>;
}

/** A request that makes no sense; the message goes back with 400. */
export class ControlError extends Error {
  override name = 'ControlError';
}

export type FaultActions = ReturnType<typeof createFaultActions>;

/** What can be made to go wrong, for the control endpoints and for plans alike. */
export function createFaultActions(deps: FaultActionsDeps) {
  const { faults, metrics, wallNow } = deps;
  const timers = new Set<NodeJS.Timeout>();
  const until = (seconds: number) => wallNow() + seconds * 1_000;

  function later(seconds: number, run: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, seconds * 1_000);
    timers.add(timer);
  }

  function drop(venue: SimVenue, way: DropWay): number {
    const sockets = [...deps.sockets(venue)];
    for (const socket of sockets) {
      if (way === 'cut') socket.terminate();
      else if (way === 'close') socket.close(CLOSE_GOING_AWAY);
      else deps.gone.vanish(socket);
    }
    return sockets.length;
  }

  return {
    drop(venue: SimVenue, way: DropWay): number {
      metrics.fault(venue, way === 'cut' ? 'drop' : way);
      return drop(venue, way);
    },
    /** Cuts the connections and lets none in for so long. */
    gap(venue: SimVenue, seconds: number): number {
      metrics.fault(venue, 'gap');
      faults.refusedUntil[venue] = until(seconds);
      return drop(venue, 'cut');
    },
    refuse(venue: SimVenue, seconds: number): void {
      metrics.fault(venue, 'refuse');
      faults.refusedUntil[venue] = until(seconds);
    },
    silence(venue: SimVenue, seconds: number): void {
      metrics.fault(venue, 'silence');
      faults.silentUntil[venue] = until(seconds);
    },
    silenceStream(stream: string, seconds: number): void {
      metrics.fault('binance', 'silentStream');
      const now = wallNow();
      for (const [other, ended] of faults.silentStreams) if (ended <= now) faults.silentStreams.delete(other);
      faults.silentStreams.set(stream, until(seconds));
    },
    /** Announces the shutdown and, after so long, closes the connections that were there then. */
    shutdown(closeAfterSeconds: number | undefined): number {
      metrics.fault('binance', 'shutdown');
      const sockets = [...deps.sockets('binance')];
      deps.announceShutdown();
      if (closeAfterSeconds !== undefined) {
        later(closeAfterSeconds, () => {
          for (const socket of sockets) socket.close(CLOSE_GOING_AWAY, 'Server shutdown');
        });
      }
      return sockets.length;
    },
    /** Refuses every request of an HTTP side for so long. */
    ban(venue: 'binance' | 'solana', status: 418 | 429, seconds: number): void {
      metrics.fault(venue, status === 418 ? 'banned' : 'limited');
      faults.http[venue].bannedUntil = until(seconds);
      faults.http[venue].banStatus = status;
    },
    refuseTrades(seconds: number): void {
      metrics.fault('pumpfun', 'refusedTrades');
      faults.tradesRefusedUntil = until(seconds);
    },
    stopTrades(seconds: number): void {
      metrics.fault('pumpfun', 'stoppedTrades');
      faults.tradesStoppedUntil = until(seconds);
    },
    /** Sends a spoilt frame to every client of the venue; the kind is drawn when it is not given. */
    hostile(venue: SimVenue, kind: string | undefined, seed: number): { sent: number; kind: string } {
      const sender = deps.hostile[venue];
      const random = createRandom(seed);
      const drawn = sender.kinds[Math.floor(random() * sender.kinds.length)] ?? '';
      const chosen = kind ?? drawn;
      if (!sender.kinds.includes(chosen))
        throw new ControlError(`kind must be one of ${sender.kinds.join(', ')}`);
      metrics.fault(venue, 'hostile');
      let sent = 0;
      for (const socket of deps.sockets(venue)) {
        const frame = deps.gone.has(socket) ? undefined : sender.frame(socket, chosen, random);
        if (frame === undefined) continue;
        socket.send(frame);
        sent += 1;
      }
      return { sent, kind: chosen };
    },
    followedStreams: deps.followedStreams,
    stop(): void {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

/** Does one happening of a plan. */
export function happen(
  actions: FaultActions,
  venue: SimVenue,
  kind: FaultKind,
  seconds: number,
  draw: number,
): void {
  switch (kind) {
    case 'drop':
      actions.drop(venue, 'cut');
      return;
    case 'close':
    case 'vanish':
      actions.drop(venue, kind);
      return;
    case 'gap':
      actions.gap(venue, seconds);
      return;
    case 'silence':
      actions.silence(venue, seconds);
      return;
    case 'silentStream': {
      const streams = actions.followedStreams();
      const stream = streams[draw % Math.max(1, streams.length)];
      if (stream) actions.silenceStream(stream, seconds);
      return;
    }
    case 'shutdown':
      actions.shutdown(seconds);
      return;
    case 'hostile':
      actions.hostile(venue, undefined, draw);
      return;
    case 'limited':
    case 'banned':
      if (venue !== 'pumpfun') actions.ban(venue, kind === 'banned' ? 418 : 429, seconds);
      return;
    case 'refusedTrades':
      actions.refuseTrades(seconds);
      return;
    case 'stoppedTrades':
      actions.stopTrades(seconds);
      return;
  }
}
