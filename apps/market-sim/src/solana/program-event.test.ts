import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { newBondingCurve } from '@onefeed/domain';
import { describe, expect, it } from 'vitest';
import type { ChainToken } from '../pumpfun/chain-event.ts';
import { createEventReader, readTradeEvent, VOLUME_BYTES } from '../testing/event-reader.ts';
import { encodeCurveAccount } from './curve-account.ts';
import { encodeChainEvent, encodeTradeEvent } from './program-event.ts';

const data = process.env.ONEFEED_DATA ?? resolve(import.meta.dirname, '../../../../../shared/data');
const recorded = `${data}/pumpfun_logs`;
const TRADE = 'bddb7fd34ee661ee';
const CREATE = '1b72a94ddeeb6376';

/** The recorded events that begin with this discriminator. */
function recordedEvents(discriminator: string): Buffer[] {
  const lines = readFileSync(`${recorded}/logs_subscribe_pumpfun.jsonl`, 'utf8').trim().split('\n');
  return lines.flatMap((line) => {
    const frame = JSON.parse((JSON.parse(line) as { raw: string }).raw) as {
      params?: { result: { value: { logs: string[] } } };
    };
    return (frame.params?.result.value.logs ?? [])
      .filter((log) => log.startsWith('Program data: '))
      .map((log) => Buffer.from(log.slice('Program data: '.length), 'base64'))
      .filter((bytes) => bytes.subarray(0, 8).toString('hex') === discriminator);
  });
}

const token: ChainToken = {
  mint: '',
  curveAddress: '',
  creator: '',
  name: '',
  symbol: '',
  uri: '',
  mayhem: false,
  cashback: false,
  quoteMint: undefined,
  initialQuote: 30_000_000_000n,
};

describe.skipIf(!existsSync(recorded))(`as recorded in ${recorded} (skipped when absent)`, () => {
  it('trades are encoded byte for byte', () => {
    const events = recordedEvents(TRADE);
    expect(events).toHaveLength(93);
    const withoutVolume = (bytes: Buffer) => {
      const copy = Buffer.from(bytes);
      return copy.fill(0, VOLUME_BYTES.from, VOLUME_BYTES.to).toString('hex');
    };
    for (const bytes of events) {
      expect(withoutVolume(encodeTradeEvent(readTradeEvent(bytes)))).toBe(withoutVolume(bytes));
    }
  });

  it('creates are encoded byte for byte', () => {
    const events = recordedEvents(CREATE);
    expect(events).toHaveLength(19);
    for (const bytes of events) {
      const reader = createEventReader(bytes);
      const names = { name: reader.text(), symbol: reader.text(), uri: reader.text() };
      const keys = { mint: reader.key(), curveAddress: reader.key(), creator: reader.key() };
      reader.skip(32);
      const at = Number(reader.i64()) * 1_000;
      reader.skip(4 * 8 + 32);
      const [mayhem, cashback] = [reader.u8() === 1, reader.u8() === 1];
      const born: ChainToken = { ...token, ...names, ...keys, mayhem, cashback };
      const encoded = encodeChainEvent(born, { type: 'create', curve: newBondingCurve() }, at);
      expect(encoded.toString('hex')).toBe(bytes.toString('hex'));
    }
  });

  it('curve accounts are encoded byte for byte', () => {
    const accounts = JSON.parse(readFileSync(`${recorded}/curve_accounts.json`, 'utf8')) as {
      data_b64: string;
    }[];
    const today = accounts.map(({ data_b64 }) => Buffer.from(data_b64, 'base64'));
    const whole = today.filter(({ length }) => length === 151);
    expect(whole.length).toBeGreaterThan(5);
    for (const bytes of whole) {
      const reader = createEventReader(bytes);
      const [virtualTokenUnits, virtualSolLamports] = [reader.u64(), reader.u64()];
      reader.skip(8);
      const realSol = reader.u64();
      reader.skip(8);
      const complete = reader.u8() === 1;
      const creator = reader.key();
      const flags = { mayhem: reader.u8() === 1, cashback: reader.u8() === 1 };
      const state = {
        token: { ...token, ...flags, creator, initialQuote: virtualSolLamports - realSol },
        curve: { virtualSolLamports, virtualTokenUnits },
        complete,
        migrated: virtualTokenUnits === 0n,
        trades: 0,
        lastSignature: '',
      };
      expect(encodeCurveAccount(state).toString('hex')).toBe(bytes.toString('hex'));
    }
  });
});
