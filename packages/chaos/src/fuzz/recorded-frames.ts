import { existsSync, readFileSync } from 'node:fs';
import { DATA, readRows, SAMPLES } from '../recorded-data.ts';

/** A frame as a venue sends it, and what it is. */
export interface RecordedFrame {
  source: 'binance' | 'pumpportal' | 'solana';
  text: string;
}

export const ROWS_FILE = `${DATA}/binance_klines/1m/BTCUSDT-1m-2023-03.csv.gz`;
const LOGS_FILE = `${DATA}/pumpfun_logs/logs_subscribe_pumpfun.jsonl`;
export const framesAbsent = [ROWS_FILE, LOGS_FILE, SAMPLES].some((path) => !existsSync(path));

const ROWS = 400;
const FIRST_ROW = 33_700;

/** Every recorded upstream message, and kline frames made of recorded rows (the outage of 2023-03-24 among them). */
export function readFrames(): RecordedFrame[] {
  const sample = (name: string) => JSON.parse(readFileSync(`${SAMPLES}/${name}`, 'utf8'));
  const frames: RecordedFrame[] = [];
  const add = (source: RecordedFrame['source'], ...values: unknown[]) => {
    for (const value of values) frames.push({ source, text: JSON.stringify(value) });
  };
  const documented = sample('binance_docs_examples.json');
  add('binance', ...documented.ws_server_shutdown, { result: null, id: 1 });
  for (const row of readRows(ROWS_FILE).slice(FIRST_ROW, FIRST_ROW + ROWS)) {
    frames.push(
      { source: 'binance', text: klineFrame(row, false) },
      { source: 'binance', text: klineFrame(row, true) },
    );
  }
  for (const name of ['pumpportal_events_2026-09-28.json', 'pumpportal_trades.json']) {
    for (const { frame } of sample(name).frames) add('pumpportal', frame);
  }
  for (const { in: message } of sample('pumpportal_control_messages_2026-09-28.json').exchange) {
    if (message !== undefined) add('pumpportal', message);
  }
  for (const line of readFileSync(LOGS_FILE, 'utf8').trim().split('\n')) {
    frames.push({ source: 'solana', text: JSON.parse(line).raw });
  }
  return frames;
}

/** The final frame of a recorded row, in the venue's field order. */
export function klineFrame(
  row: readonly string[],
  combined: boolean,
  symbol = 'BTCUSDT',
  interval = '1m',
): string {
  const [t, o, h, l, c, v, T, q, n, V, Q] = row;
  const data =
    `{"e":"kline","E":${Number(T) + 7},"s":"${symbol}","k":{"t":${t},"T":${T},"s":"${symbol}","i":"${interval}",` +
    `"f":-1,"L":-1,"o":"${o}","c":"${c}","h":"${h}","l":"${l}","v":"${v}","n":${n},"x":true,"q":"${q}",` +
    `"V":"${V}","Q":"${Q}","B":"0"}}`;
  return combined ? `{"stream":"${symbol.toLowerCase()}@kline_${interval}","data":${data}}` : data;
}
