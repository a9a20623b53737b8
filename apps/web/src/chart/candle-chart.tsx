import { candleChannel } from '@onefeed/client';
import type { Order, Timeframe } from '@onefeed/contracts';
import { useEffect, useRef, useState } from 'react';
import { Empty } from '../controls/empty.tsx';
import { useChannel } from '../live/use-channel.ts';
import { createChart, type LiveChart } from './live-chart.ts';

interface CandleChartProps {
  readonly instrument: string;
  readonly timeframe: Timeframe;
  readonly orders: readonly Order[];
}

/** Live candles of one instrument and timeframe. A change of either makes a new one (`key`). */
export function CandleChart({ instrument, timeframe, orders }: CandleChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<LiveChart | null>(null);
  const [bars, setBars] = useState(0);

  useEffect(() => {
    if (!box.current) return;
    const made = createChart(box.current, timeframe);
    chart.current = made;
    return () => {
      chart.current = null;
      made.remove();
    };
  }, [timeframe]);

  useChannel(candleChannel('binance', instrument, timeframe), (update) => {
    if (update.kind === 'snapshot') chart.current?.show(update.data.candles);
    else chart.current?.update(update.data.candle);
    setBars(chart.current?.bars() ?? 0);
  });

  useEffect(() => {
    if (bars > 0) chart.current?.mark(orders.filter((order) => order.instrument === instrument));
  }, [orders, instrument, bars]);

  return (
    <div className="chart" data-testid="chart" data-bars={bars}>
      {/* The chart draws on a canvas; the price above it and the tables below say the same in text. */}
      <div
        className="chart-canvas"
        ref={box}
        role="img"
        aria-label={`Candles of ${instrument}, ${timeframe}`}
      />
      <a className="chart-credit" href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
        Charts by TradingView
      </a>
      {bars === 0 && (
        <div className="chart-empty">
          <Empty title="Waiting for candles…">The stream opens when the first reader asks for it.</Empty>
        </div>
      )}
    </div>
  );
}
