import type { Bot, BotEvent, BotHappening, Order, Position, Trade } from '@onefeed/contracts';
import { expect, test } from 'vitest';
import { changeDesk, type Desk, EMPTY_DESK, LIST_LIMIT } from './desk.ts';
import { foldRefusals, JOURNAL_LIMIT } from './journal.ts';

const bot = { id: 'b1', cash: '1000', state: 'running', createdAt: 1 } as Bot;
const position = {
  id: 'p1',
  botId: 'b1',
  venue: 'binance',
  instrument: 'BTCUSDT',
  quantity: '2',
  cost: '200',
} as Position;
const trade = {
  id: 'p1',
  botId: 'b1',
  venue: 'binance',
  instrument: 'BTCUSDT',
  profit: '-3',
  profitPercent: -1.5,
  exitReason: 'stop_loss',
  closedAt: 50,
} as Trade;
const order = {
  id: 'o1',
  botId: 'b1',
  instrument: 'BTCUSDT',
  side: 'buy',
  status: 'filled',
  quantity: '2',
  price: '100',
  fee: '0.002',
  feeAsset: 'BTC',
  createdAt: 40,
} as Order;

const open = changeDesk(EMPTY_DESK, { kind: 'snapshot', data: { bots: [bot], positions: [] } });
let seq = 0;
function happen(desk: Desk, happening: BotHappening, at = 60): Desk {
  seq += 1;
  const event: BotEvent = { shard: 0, seq, userId: 'u', botId: 'b1', at, happening };
  return changeDesk(desk, { kind: 'data', data: { events: [event] } });
}

test('a position opens, shrinks and becomes a trade, and the cash follows', () => {
  let desk = happen(open, { type: 'orderFilled', order, cash: '800' });
  desk = happen(desk, { type: 'positionOpened', position, cash: '800' });
  expect([desk.bots[0]?.cash, desk.positions.length, desk.orders.length]).toEqual(['800', 1, 1]);
  desk = happen(desk, { type: 'positionChanged', position: { ...position, quantity: '1' }, cash: '900' });
  expect(desk.positions.map((held) => held.quantity)).toEqual(['1']);
  desk = happen(desk, { type: 'tradeCompleted', trade, cash: '997' });
  expect([desk.bots[0]?.cash, desk.positions.length, desk.trades.length]).toEqual(['997', 0, 1]);
});

test('the same history read and seen live is listed once', () => {
  let desk = happen(open, { type: 'orderFilled', order, cash: '800' });
  desk = changeDesk(desk, { kind: 'history', orders: [order], trades: [trade] });
  desk = happen(desk, { type: 'tradeCompleted', trade, cash: '997' });
  expect(desk.orders).toHaveLength(1);
  expect(desk.trades).toHaveLength(1);
  expect(desk.journal.map((entry) => entry.key)).toEqual(['trade:p1', 'order:o1']);
});

test('refusals are told with their reason and change nothing else', () => {
  const desk = happen(open, {
    type: 'entryRefused',
    signalId: '9',
    code: 'COOLDOWN',
    limit: '60',
    value: '12',
  });
  expect(desk.journal[0]).toMatchObject({ tone: 'refused', at: 60 });
  expect(desk.journal[0]?.detail).toContain('cooling down');
  expect({ ...desk, journal: [] }).toEqual({ ...open, journal: [] });
});

test('refusals of one reason in a row are one line that counts them', () => {
  const refuse = (desk: Desk, signalId: string, code: string) =>
    happen(desk, { type: 'entryRefused', signalId, code, limit: null, value: null });
  let desk = refuse(refuse(open, '1', 'COOLDOWN'), '2', 'COOLDOWN');
  desk = happen(desk, { type: 'orderFilled', order, cash: '1' });
  desk = refuse(refuse(desk, '3', 'COOLDOWN'), '4', 'NO_PRICE');
  const lines = foldRefusals(desk.journal);
  expect(lines.map((line) => line.count)).toEqual([1, 1, 1, 2]);
  // The oldest one names the line: it does not change while the count grows.
  expect(lines[3]?.key).toBe('refused:b1:1:COOLDOWN');
});

test('what just happened is on top, even when the market runs ahead of the wall clock', () => {
  let desk = happen(open, { type: 'orderFilled', order: { ...order, createdAt: 9_000 }, cash: '1' }, 9_000);
  desk = happen(desk, { type: 'botStopped' }, 70);
  expect(desk.journal.map((entry) => entry.title)).toEqual(['Bot stopped', 'Bought BTCUSDT']);
});

test('a new snapshot replaces what is held and keeps what happened', () => {
  let desk = happen(open, { type: 'positionOpened', position, cash: '800' });
  desk = happen(desk, { type: 'tradeCompleted', trade: { ...trade, id: 'p0' }, cash: '800' });
  desk = changeDesk(desk, { kind: 'snapshot', data: { bots: [bot], positions: [] } });
  expect(desk.positions).toEqual([]);
  expect(desk.trades).toHaveLength(1);
});

test('bots come, change and go with all that is theirs', () => {
  let desk = changeDesk(open, { kind: 'data', data: { changed: { ...bot, id: 'b2', createdAt: 2 } } });
  expect(desk.bots.map(({ id }) => id)).toEqual(['b2', 'b1']);
  desk = happen(desk, { type: 'botStopped' });
  expect(desk.bots.map(({ state }) => state)).toEqual(['running', 'stopped']);
  desk = happen(desk, { type: 'positionOpened', position, cash: '1' });
  desk = changeDesk(desk, { kind: 'data', data: { deleted: 'b1' } });
  expect(desk).toMatchObject({ positions: [], trades: [], journal: [] });
  expect(desk.bots.map(({ id }) => id)).toEqual(['b2']);
});

test('lists stay bounded however long the page is open', () => {
  let desk = open;
  for (let index = 0; index < LIST_LIMIT + 50; index += 1) {
    const filled = { ...order, id: `o${index}`, createdAt: index };
    desk = happen(desk, { type: 'orderFilled', order: filled, cash: '1' }, index);
  }
  expect(desk.orders).toHaveLength(LIST_LIMIT);
  expect(desk.journal).toHaveLength(JOURNAL_LIMIT);
  expect(desk.orders[0]?.id).toBe(`o${LIST_LIMIT + 49}`);
});
