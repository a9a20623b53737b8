import { type Bar, type Order, TIMEFRAME_MS, type Timeframe } from '@onefeed/contracts';
import {
  type CandlestickData,
  CandlestickSeries,
  ColorType,
  createChart as createLightweightChart,
  createSeriesMarkers,
  type HistogramData,
  HistogramSeries,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import { barTime, markersOf } from './markers.ts';

/** Candles with volume below and the bot's orders on them. */
export interface LiveChart {
  show(bars: readonly Bar[]): void;
  update(bar: Bar): void;
  mark(orders: readonly Order[]): void;
  bars(): number;
  remove(): void;
}

const GAIN = '#3ddc97';
const LOSS = '#ff7b86';

export function createChart(box: HTMLElement, timeframe: Timeframe): LiveChart {
  const chart = createLightweightChart(box, {
    autoSize: true,
    layout: {
      background: { type: ColorType.Solid, color: 'transparent' },
      textColor: '#9aa7b8',
      fontFamily: getComputedStyle(box).getPropertyValue('--font-mono') || 'monospace',
      fontSize: 11,
      // The page's policy refuses the logo's inline style; the panel carries the required link instead.
      attributionLogo: false,
    },
    grid: { vertLines: { color: '#141b25' }, horzLines: { color: '#141b25' } },
    rightPriceScale: { borderColor: '#1f2733', scaleMargins: { top: 0.08, bottom: 0.22 } },
    timeScale: { borderColor: '#1f2733', timeVisible: TIMEFRAME_MS[timeframe] < 86_400_000, rightOffset: 4 },
    crosshair: {
      vertLine: { labelBackgroundColor: '#1f2733' },
      horzLine: { labelBackgroundColor: '#1f2733' },
    },
  });
  const volume = chart.addSeries(HistogramSeries, {
    priceScaleId: 'volume',
    priceFormat: { type: 'volume' },
    lastValueVisible: false,
    priceLineVisible: false,
  });
  chart.priceScale('volume').applyOptions({ scaleMargins: { top: 0.85, bottom: 0 } });
  const series = chart.addSeries(CandlestickSeries, {
    upColor: GAIN,
    downColor: LOSS,
    wickUpColor: GAIN,
    wickDownColor: LOSS,
    borderVisible: false,
  });
  const markers = createSeriesMarkers<Time>(series, []);
  let times: number[] = [];

  return {
    show: (bars) => {
      times = bars.map((bar) => bar.openTime);
      series.setData(bars.map(candleOf));
      volume.setData(bars.map(volumeOf));
      const last = bars.at(-1);
      if (last) series.applyOptions({ priceFormat: priceFormatFor(Number(last.close)) });
    },
    update: (bar) => {
      const last = times.at(-1);
      // The chart takes only its newest bar or a newer one; a late bar is in the next snapshot.
      if (last !== undefined && bar.openTime < last) return;
      if (bar.openTime !== last) times.push(bar.openTime);
      series.update(candleOf(bar));
      volume.update(volumeOf(bar));
    },
    mark: (orders) => {
      const first = times[0];
      if (first === undefined) return;
      markers.setMarkers(
        markersOf(orders, timeframe, first).map((marker) => ({
          ...marker,
          time: marker.time as UTCTimestamp,
        })),
      );
    },
    bars: () => times.length,
    remove: () => chart.remove(),
  };
}

function candleOf(bar: Bar): CandlestickData<UTCTimestamp> {
  return {
    time: barTime(bar.openTime) as UTCTimestamp,
    open: Number(bar.open),
    high: Number(bar.high),
    low: Number(bar.low),
    close: Number(bar.close),
  };
}

function volumeOf(bar: Bar): HistogramData<UTCTimestamp> {
  const rising = Number(bar.close) >= Number(bar.open);
  return {
    time: barTime(bar.openTime) as UTCTimestamp,
    value: Number(bar.volume),
    color: rising ? 'rgb(61 220 151 / 22%)' : 'rgb(255 123 134 / 22%)',
  };
}

/** As many digits as tell two ticks of this size of price apart. */
function priceFormatFor(price: number) {
  const precision = price >= 1_000 ? 2 : price >= 1 ? 4 : 6;
  return { type: 'price' as const, precision, minMove: 10 ** -precision };
}
