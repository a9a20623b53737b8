import { TIMEFRAMES, type Timeframe } from '@onefeed/contracts';
import { describe, expect, it } from 'vitest';
import type { CandleStreamView } from '../live/candle-streams.ts';
import { createLiveStream } from '../live/live-stream.ts';
import { socketStats } from './socket-stats.ts';

const view = (instrument: string, timeframe: Timeframe): CandleStreamView => ({
  venue: 'binance',
  instrument,
  timeframe,
  stream: createLiveStream({
    channel: 'c',
    kind: 'state',
    epoch: 'e',
    readSnapshot: async () => null,
    now: () => 0,
    onDelivered: () => {},
  }),
  bars: 1,
  lastClose: '1',
});
const viewsOf = (...instruments: string[]): CandleStreamView[] =>
  instruments.flatMap((instrument) => TIMEFRAMES.map((timeframe) => view(instrument, timeframe)));

describe('statistics of sharing', () => {
  it.each([
    ['nobody', viewsOf(), [], [0, 0, 0, '0.0%', '0']],
    ['one session shares with nobody', viewsOf('A'), [6], [1, 6, 6, '0.0%', '0']],
    ['one session of two symbols', viewsOf('A', 'B'), [12], [1, 12, 12, '0.0%', '0']],
    ['five sessions of one symbol', viewsOf('A'), [6, 6, 6, 6, 6], [5, 30, 6, '80.0%', '24']],
    ['a third of a session', viewsOf('A'), [6, 6, 6, 1], [4, 19, 6, '68.4%', '13']],
    ['sessions that watch no candles do not count', viewsOf('A'), [6, 0, 0], [1, 6, 6, '0.0%', '0']],
  ])('%s', (_name, views, sessions, [active, total, shared, reduction, saved]) => {
    expect(socketStats(views, sessions, 1).summary).toEqual({
      activeSessions: active,
      totalSubscriptions: total,
      sharedWebSockets: shared,
      efficiency: `${reduction} reduction in connections`,
      savings: `${saved} connections saved`,
      upstreamConnections: 1,
    });
  });

  it('lists one entry per stream, by symbol and length of the timeframe', () => {
    const { websockets } = socketStats(viewsOf('B', 'A').toReversed(), [12], 1);
    expect(websockets.map(({ symbol, timeframe }) => `${symbol} ${timeframe}`)).toEqual(
      ['A', 'B'].flatMap((symbol) => TIMEFRAMES.map((timeframe) => `${symbol} ${timeframe}`)),
    );
  });
});
