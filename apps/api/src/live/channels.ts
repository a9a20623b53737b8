import type { ErrorCode, Price, TokenEvent, Venue } from '@onefeed/contracts';
import type { TokensRepository } from '@onefeed/db';
import type { Caller } from '../http/caller.ts';
import type { Overview } from '../operations/overview.ts';
import type { BotStreams } from './bot-streams.ts';
import type { CandleStreams } from './candle-streams.ts';
import { parseChannel } from './channel-name.ts';
import type { Hub } from './hub.ts';
import type { InstrumentDirectory } from './instrument-directory.ts';
import type { LiveStream } from './live-stream.ts';
import { createPriceBoard, type PriceBoard } from './price-board.ts';
import type { SignalStreams } from './signal-streams.ts';

const SNAPSHOT_TOKENS = 50;

export type OpenedChannel = { stream: LiveStream } | { refused: ErrorCode };

/** From a channel's name and who asks to the stream behind it. */
export interface Channels {
  open(name: string, caller: Caller | null): Promise<OpenedChannel>;
  applyPrices(venue: Venue, at: number, prices: readonly Price[]): void;
  applyTokenEvents(events: readonly TokenEvent[]): void;
  /** Tells those who watch `admin`, if anybody does. */
  tellAdmins(): Promise<void>;
}

export function createChannels(deps: {
  hub: Hub;
  candleStreams: CandleStreams;
  signalStreams: SignalStreams;
  botStreams: BotStreams;
  tokens: Pick<TokensRepository, 'newest'>;
  instruments: InstrumentDirectory;
  overview: Overview;
}): Channels {
  const { hub } = deps;
  const boards = new Map<Venue, PriceBoard>();
  const boardOf = (venue: Venue): PriceBoard => {
    const board = boards.get(venue) ?? createPriceBoard();
    boards.set(venue, board);
    return board;
  };

  const find = async (
    name: string,
    caller: Caller | null,
  ): Promise<LiveStream | null | { refused: ErrorCode }> => {
    const channel = parseChannel(name);
    switch (channel?.type) {
      case 'candles':
        if (!(await deps.instruments.has(channel.venue, channel.instrument)))
          return { refused: 'UNKNOWN_INSTRUMENT' };
        return deps.candleStreams.open(channel);
      case 'prices': {
        const board = boardOf(channel.venue);
        return hub.open({ key: name, channel: name, kind: 'state', readSnapshot: async () => board.read() });
      }
      case 'tokens':
        return hub.open({
          key: name,
          channel: name,
          kind: 'event',
          readSnapshot: async () => ({ tokens: await deps.tokens.newest(SNAPSHOT_TOKENS) }),
        });
      case 'signals':
        return deps.signalStreams.open(caller?.userId ?? null);
      case 'bots':
        return caller ? deps.botStreams.open(caller.userId) : { refused: 'UNAUTHENTICATED' };
      case 'admin':
        if (caller?.role !== 'admin') return { refused: 'FORBIDDEN' };
        return hub.open({ key: name, channel: name, kind: 'state', readSnapshot: deps.overview.read });
      default:
        return { refused: 'INVALID_REQUEST' };
    }
  };

  return {
    open: async (name, caller) => {
      const found = await find(name, caller);
      if (found === null) return { refused: 'OVERLOADED' };
      return 'refused' in found ? found : { stream: found };
    },
    applyPrices: (venue, at, prices) => {
      boardOf(venue).put(at, prices);
      hub.find(`prices:${venue}`)?.publish({ at, prices });
    },
    applyTokenEvents: (events) => hub.find('tokens')?.publish({ events }),
    tellAdmins: async () => {
      const stream = hub.find('admin');
      if (stream && stream.readers.size > 0) stream.publish(await deps.overview.read());
    },
  };
}
