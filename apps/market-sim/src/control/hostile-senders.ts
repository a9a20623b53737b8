import type { WebSocket } from 'ws';
import type { BinanceStreams } from '../binance/binance-streams.ts';
import { HOSTILE_KLINES, type HostileKline, hostileKline } from '../binance/hostile-kline.ts';
import { createKlineEvent } from '../binance/kline-event.ts';
import { parseKlineStream } from '../binance/stream-name.ts';
import type { MarketSource } from '../market/market-source.ts';
import { derivedAddress, derivedSignature } from '../pumpfun/address.ts';
import { HOSTILE_TOKENS, type HostileToken, hostileToken } from '../pumpfun/hostile-token.ts';
import type { Random } from '../random.ts';
import type { SimVenue } from '../sim-metrics.ts';
import { HOSTILE_LOGS, type HostileLogs, hostileLogs } from '../solana/hostile-logs.ts';
import type { SolanaFeed } from '../solana/solana-feed.ts';
import type { HostileSender } from './fault-actions.ts';

export interface HostileSendersDeps {
  source: MarketSource;
  /** Venue time, ms. */
  now: () => number;
  streams: Pick<BinanceStreams, 'connection'>;
  solana: Pick<SolanaFeed, 'connection'>;
}

/** Spoils frames that a client of each venue would take for true ones at a glance. */
export function createHostileSenders({
  source,
  now,
  streams,
  solana,
}: HostileSendersDeps): Record<SimVenue, HostileSender> {
  /** The forming bar of one of the client's streams: no final frame, so that no closed bar is touched. */
  function klineText(socket: WebSocket, random: Random): string | undefined {
    const connection = streams.connection(socket);
    const followed = [...(connection?.streams ?? [])];
    const stream = followed[Math.floor(random() * followed.length)];
    const series = stream === undefined ? undefined : parseKlineStream(stream);
    if (!connection || stream === undefined || !series || !source.has(series)) return undefined;
    const at = now();
    const openTime = source.barAtOrBefore(series, at);
    if (openTime === undefined) return undefined;
    return createKlineEvent(stream, series, source.bar(series, openTime, at), at, false).text(
      connection.form,
    );
  }

  /** A create or a trade of a token that does not exist. */
  function tokenText(random: Random): string {
    const id = Math.floor(random() * 2 ** 32);
    const isCreate = random() < 0.5;
    return JSON.stringify({
      signature: derivedSignature('hostile', id),
      mint: derivedAddress('hostile', id),
      traderPublicKey: derivedAddress('hostile trader', id),
      txType: isCreate ? 'create' : 'buy',
      ...(isCreate ? { initialBuy: 1_000_000 } : { tokenAmount: 1_000_000, newTokenBalance: 1_000_000 }),
      solAmount: 0.03,
      bondingCurveKey: derivedAddress('hostile curve', id),
      vTokensInBondingCurve: 1_072_000_000,
      vSolInBondingCurve: 30.027985,
      marketCapSol: 28.01,
      ...(isCreate ? { name: 'hostile', symbol: 'HOSTILE', uri: '', is_mayhem_mode: false } : {}),
      pool: 'pump',
    });
  }

  return {
    binance: {
      kinds: HOSTILE_KLINES,
      frame(socket, kind, random) {
        const text = klineText(socket, random);
        return text === undefined ? undefined : hostileKline(kind as HostileKline, text, random);
      },
    },
    pumpfun: {
      kinds: HOSTILE_TOKENS,
      frame: (_socket, kind, random) => hostileToken(kind as HostileToken, tokenText(random), random),
    },
    solana: {
      kinds: HOSTILE_LOGS,
      frame: (socket, kind, random) =>
        hostileLogs(kind as HostileLogs, solana.connection(socket)?.logsSubscription ?? 0, random),
    },
  };
}
