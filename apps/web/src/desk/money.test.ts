import type { Bot, Position } from '@onefeed/contracts';
import { expect, test } from 'vitest';
import { botMoney, positionMoney } from './money.ts';

const bot = { id: 'b1', cash: '500', initialCash: '1000' } as Bot;
const position = {
  botId: 'b1',
  venue: 'binance',
  instrument: 'BTCUSDT',
  quantity: '5',
  entryPrice: '100',
  cost: '501',
  proceeds: '0',
} as Position;

test('a position is worth its entry until a price is known', () => {
  expect(positionMoney(position, () => null)).toMatchObject({ price: 100, value: 500, profit: -1 });
});

test('profit counts what was sold already', () => {
  const sold = { ...position, quantity: '2', proceeds: '330' };
  expect(positionMoney(sold, () => 110)).toMatchObject({ value: 220, profit: 49 });
});

test('equity is cash and own positions only', () => {
  const foreign = { ...position, botId: 'b2' };
  expect(botMoney(bot, [position, foreign], () => 120)).toEqual({
    cash: 500,
    equity: 1_100,
    profit: 100,
    profitPercent: 10,
  });
});
