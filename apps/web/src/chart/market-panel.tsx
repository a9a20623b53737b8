import { type Order, TIMEFRAMES, type Timeframe } from '@onefeed/contracts';
import { lazy, Suspense, useState } from 'react';
import { Choices } from '../controls/choices.tsx';
import { Figure } from '../controls/figure.tsx';
import { Panel } from '../controls/panel.tsx';
import { formatPrice } from '../format/amount.ts';
import { usePrices } from '../live/use-prices.ts';

const CandleChart = lazy(async () => ({ default: (await import('./candle-chart.tsx')).CandleChart }));

interface MarketPanelProps {
  readonly instruments: readonly string[];
  readonly orders: readonly Order[];
}

/** The market a bot trades, with its entries and exits on the candles. */
export function MarketPanel({ instruments, orders }: MarketPanelProps) {
  const [timeframe, setTimeframe] = useState<Timeframe>('1m');
  const [instrument, setInstrument] = useState(instruments[0] ?? '');
  const price = usePrices()('binance', instrument);
  return (
    <Panel
      title={instrument}
      className="market"
      aside={
        <>
          <span className="market-price">
            {price !== null && <Figure value={price} text={formatPrice(price)} testId="market-price" />}
          </span>
          {instruments.length > 1 && (
            <select
              className="input market-select"
              aria-label="Market"
              value={instrument}
              onChange={(event) => setInstrument(event.target.value)}
            >
              {instruments.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          )}
          <Choices
            label="Timeframe"
            value={timeframe}
            options={TIMEFRAMES.map((value) => ({ value, label: value }))}
            onChange={setTimeframe}
            testId="timeframe"
          />
        </>
      }
    >
      <Suspense fallback={<div className="chart" />}>
        <CandleChart
          key={`${instrument}:${timeframe}`}
          instrument={instrument}
          timeframe={timeframe}
          orders={orders}
        />
      </Suspense>
    </Panel>
  );
}
