import type { ExitPlan } from '@onefeed/contracts';
import { describe, expect, it } from 'vitest';
import { newBondingCurve } from '../execution/bonding-curve.ts';
import type { Market } from '../execution/market.ts';
import { requestClose } from '../exits/exit-state.ts';
import { KILL_SWITCH_OFF } from '../risk/kill-switch.ts';
import type { BotSettings } from './bot-state.ts';
import { addProfit, lostToday, NO_PROFIT_YET } from './daily-loss.ts';
import { decide } from './decide.ts';
import { leavePosition } from './leave.ts';
import type { OpenPosition } from './position.ts';
import { readPosition, storePosition } from './stored-position.ts';
import { a, bot, btc, enter, execute, refusalOf, rules, settings, signal } from './trading-samples.ts';

describe('entry', () => {
  it('buys whole steps for at most the stake, the fee in the base asset', () => {
    const outcome = enter(bot());
    if (!outcome.entered) throw new Error(outcome.refused.code);
    // 50000 + 5 bps = 50025; 100 / 50025 = 0.001999 -> 0.00199; fee 0.1 % of it.
    expect(outcome.order).toMatchObject({
      side: 'buy',
      price: '50025',
      quantity: '0.00199',
      fee: '0.00000199',
      feeAsset: 'BTC',
    });
    expect(outcome.order.quoteAmount).toBe('99.54975');
    expect(outcome.position.quantity).toBe(a('0.00198801'));
    expect(outcome.cash).toBe(a('1000') - a('99.54975'));
  });

  it('gives the same decision and ids for the same state and signal', () => {
    expect(enter(bot())).toEqual(enter(bot()));
    expect(decide(bot(), signal())).toEqual(decide(bot(), signal()));
  });

  it('has nothing to do with signals of other rules, instruments or venues, nor when stopped', () => {
    for (const other of [
      signal({ ruleKey: 'x'.repeat(32) }),
      signal({ instrument: 'ETHUSDT' }),
      signal({ venue: 'pumpfun' }),
    ]) {
      expect(decide(bot(), other).type).toBe('ignore');
    }
    expect(decide(bot({ running: false }), signal()).type).toBe('ignore');
    expect(decide(bot(), signal({ kind: 'exit' })).type).toBe('ignore');
  });

  it('is refused with the limit that it met', () => {
    const held = enter(bot());
    if (!held.entered) throw new Error('not entered');
    const holding = new Map([['BTCUSDT', held.position]]);
    const full = new Map([
      ['A', held.position],
      ['B', held.position],
    ]);
    const risk = { ...settings.risk, dailyLossLimit: '10' };
    const lost = addProfit(NO_PROFIT_YET, a('-10'), 1_000_000);
    expect(refusalOf(bot(), signal(), { killSwitch: { entries: true, everything: false } })).toBe(
      'KILL_SWITCH',
    );
    expect(refusalOf(bot(), signal(), { marketTime: 1_120_001 })).toBe('SIGNAL_TOO_OLD');
    expect(refusalOf(bot(), signal(), { marketTime: 1_120_000 })).toBe('entered');
    expect(refusalOf(bot(), signal(), { stale: true })).toBe('STALE_DATA');
    const unconfirmed: Market = {
      venue: 'pumpfun',
      place: 'curve',
      curve: newBondingCurve(),
      untradeable: null,
      unconfirmed: 'trades were missed',
    };
    expect(refusalOf(bot(), signal(), { market: unconfirmed })).toBe('STALE_DATA');
    expect(refusalOf(bot(), signal(), { market: { ...unconfirmed, unconfirmed: null } })).toBe('entered');
    expect(refusalOf(bot({ positions: holding }))).toBe('POSITION_EXISTS');
    expect(refusalOf(bot({ positions: full }))).toBe('MAX_OPEN_POSITIONS');
    expect(refusalOf(bot({ cooldowns: new Map([['BTCUSDT', 1_000_001]]) }))).toBe('COOLDOWN');
    expect(refusalOf(bot({ cooldowns: new Map([['BTCUSDT', 1_000_000]]) }))).toBe('entered');
    // A replay of other years: the cooldown is of a time that this market has not reached.
    expect(refusalOf(bot({ cooldowns: new Map([['BTCUSDT', 90_000_000_000]]) }))).toBe('entered');
    expect(refusalOf(bot({ settings: { ...settings, risk }, daily: lost }))).toBe('DAILY_LOSS_LIMIT');
    expect(
      refusalOf(bot({ settings: { ...settings, risk }, daily: lost }), signal(), {
        marketTime: 1_000_000 + 100_000,
      }),
    ).toBe('DAILY_LOSS_LIMIT');
    expect(refusalOf(bot(), signal(), { market: null })).toBe('NO_PRICE');
    expect(
      refusalOf(bot(), signal(), {
        market: { venue: 'binance', price: a('1'), rules: { ...rules, tradeable: false } },
      }),
    ).toBe('UNTRADEABLE');
    expect(refusalOf(bot({ cash: a('99') }))).toBe('INSUFFICIENT_CASH');
    const tiny = { ...settings, stake: { type: 'fixed' as const, amount: '5.2' } };
    expect(refusalOf(bot({ settings: tiny }))).toBe('BELOW_MIN_NOTIONAL');
  });

  it('is not made when what it brings could never be sold at its stop, nor at once', () => {
    const staking = (amount: string) => ({ ...settings, stake: { type: 'fixed' as const, amount } });
    // 0.00010 bought; after the fee 9 whole steps are left to sell: 4.50 of at least 5.
    expect(refusalOf(bot({ settings: staking('5.4') }))).toBe('BELOW_MIN_NOTIONAL');
    // 0.00012 bought, 11 steps left: 5.50 now, but 5.23 at the stop: enough.
    expect(refusalOf(bot({ settings: staking('6.1') }))).toBe('entered');
    const noStop = { takeProfit: settings.exitPlan.takeProfit };
    expect(refusalOf(bot({ settings: { ...staking('5.4'), exitPlan: noStop } }))).toBe('BELOW_MIN_NOTIONAL');
  });

  it('takes any stake that its owner may write down', () => {
    const staking = (stake: BotSettings['stake']) => bot({ settings: { ...settings, stake } });
    expect(refusalOf(staking({ type: 'fixed', amount: '0.000000000000000001' }))).toBe('BELOW_MIN_NOTIONAL');
    expect(refusalOf(staking({ type: 'fixed', amount: `1${'0'.repeat(29)}` }))).toBe('INSUFFICIENT_CASH');
    expect(refusalOf(staking({ type: 'percent', percent: 1.2345678901234567e-6 }))).toBe(
      'BELOW_MIN_NOTIONAL',
    );
  });

  it('is never filled on paper for a bot that trades live', () => {
    expect(refusalOf(bot({ settings: { ...settings, mode: 'live' } }))).toBe('UNTRADEABLE');
  });

  it('stakes a percent of cash and positions at their entry prices', () => {
    const percent = { ...settings, stake: { type: 'percent' as const, percent: 10 } };
    const first = enter(bot({ settings: percent }));
    if (!first.entered) throw new Error('not entered');
    const next = decide(
      bot({ settings: percent, cash: first.cash, positions: new Map([['X', first.position]]) }),
      signal({ id: '8' }),
    );
    if (next.type !== 'enter') throw new Error('not entered');
    expect(next.intent.stake > a('99.9') && next.intent.stake < a('100')).toBe(true);
  });

  it('forgets the losses of yesterday', () => {
    const lost = addProfit(NO_PROFIT_YET, a('-10'), 86_400_000 * 3);
    expect(lostToday(lost, 86_400_000 * 4 - 1)).toBe(a('10'));
    expect(lostToday(lost, 86_400_000 * 4)).toBe(0n);
    expect(lostToday(addProfit(lost, a('11'), 86_400_000 * 3), 86_400_000 * 3)).toBe(0n);
  });
});

describe('exit', () => {
  const open = () => {
    const outcome = enter(bot());
    if (!outcome.entered) throw new Error('not entered');
    return outcome.position;
  };
  const leave = (position: OpenPosition, market: Market, changes: object = {}) =>
    leavePosition(
      position,
      { market, marketTime: 1_000_500, killSwitch: KILL_SWITCH_OFF, mode: 'paper', ...changes },
      execute,
    );

  it('sells whole steps, the fee in the quote asset, and writes the rest off as dust', () => {
    const outcome = leave(open(), btc('56000'));
    // 56000 - 5 bps = 55972; 0.00198 sold of 0.00198801.
    expect(outcome.steps[0]?.order).toMatchObject({
      side: 'sell',
      quantity: '0.00198',
      price: '55972',
      quoteAmount: '110.82456',
      fee: '0.11082456',
      feeAsset: 'USDT',
    });
    expect(outcome.trade).toMatchObject({
      dust: '0.00000801',
      proceeds: '110.71373544',
      exitReason: 'take_profit',
      exitPrice: '55972',
    });
    expect(outcome.trade?.profit).toBe('11.16398544');
  });

  it('stays due while everything is stopped, and for ever until it is done', () => {
    const stopped = { killSwitch: { entries: true, everything: true } };
    const waiting = leave(open(), btc('40000'), stopped);
    expect(waiting.steps).toEqual([]);
    expect(leave(waiting.position, btc('40000')).trade?.exitReason).toBe('stop_loss');
  });

  it('closes a position worth less than the venue sells, without an order', () => {
    const asked = open();
    const outcome = leave({ ...asked, exits: requestClose(asked.exits, 'user') }, btc('100'));
    expect(outcome.steps[0]?.order).toBeNull();
    expect(outcome.trade).toMatchObject({ proceeds: '0', dust: '0.00198801', exitReason: 'user' });
  });

  it('is never filled on paper for a bot that trades live', () => {
    const outcome = leave(open(), btc('40000'), { mode: 'live' });
    expect(outcome).toMatchObject({ steps: [], trade: null });
    expect(leave(outcome.position, btc('40000')).trade?.exitReason).toBe('stop_loss');
  });

  it('goes on with the last leg when one before it is too small for the venue', () => {
    const exitPlan: ExitPlan = {
      takeProfit: {
        type: 'LADDER',
        legs: [
          { gainPercent: 1, sellPercent: 1e-6 },
          { gainPercent: 2, sellPercent: 50 },
        ],
      },
    };
    const cheap = { solLamports: 1_000_000n, tokenUnits: 1_000_000_000_000_000n };
    const pool = (solLamports: bigint): Market => ({
      venue: 'pumpfun',
      place: 'pool',
      pool: { ...cheap, solLamports },
      untradeable: null,
      unconfirmed: null,
    });
    const own = bot({
      settings: {
        ...settings,
        venue: 'pumpfun',
        instruments: ['T'],
        exitPlan,
        stake: { type: 'fixed', amount: '0.0001' },
      },
    });
    const entered = enter(own, signal({ venue: 'pumpfun', instrument: 'T' }), { market: pool(1_000_000n) });
    if (!entered.entered) throw new Error(entered.refused.code);
    const outcome = leave(entered.position, pool(2_000_000n));
    expect(outcome.steps.map((step) => step.order?.cause)).toEqual(['exit:ladder-1']);
    expect(outcome.trade?.dust).toBe('0');
  });

  it('survives being stored and read back', () => {
    const position = open();
    expect(readPosition(JSON.parse(JSON.stringify(storePosition(position))))).toEqual(position);
  });
});
