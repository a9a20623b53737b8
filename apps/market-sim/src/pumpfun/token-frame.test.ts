import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTokenLife } from './token-life.ts';
import { type Oddity, planToken } from './token-plan.ts';

const SEED = 4;

function firstFrame(oddity: Oddity): Record<string, unknown> {
  for (let index = 0; index < 5_000; index += 1) {
    if (planToken(SEED, index).oddity !== oddity) continue;
    const token = createTokenLife({ seed: SEED, index, bornAt: 0, speed: 1 });
    return JSON.parse(token.step()?.text ?? '') as Record<string, unknown>;
  }
  throw new Error(`no token is ${oddity}`);
}

const CREATE_KEYS = [
  'signature',
  'mint',
  'traderPublicKey',
  'txType',
  'initialBuy',
  'solAmount',
  'bondingCurveKey',
  'vTokensInBondingCurve',
  'vSolInBondingCurve',
  'marketCapSol',
  'name',
  'symbol',
  'uri',
  'is_mayhem_mode',
  'pool',
];

describe('create frames', () => {
  it('have the keys of the recorded ones, in their order', () => {
    expect(Object.keys(firstFrame('none'))).toEqual(CREATE_KEYS);
    const nameless = CREATE_KEYS.filter((key) => !['name', 'symbol', 'uri'].includes(key));
    expect(Object.keys(firstFrame('nameless'))).toEqual(nameless);
    expect(Object.keys(firstFrame('old-form'))).toEqual(
      CREATE_KEYS.filter((key) => key !== 'is_mayhem_mode'),
    );
  });

  it('are odd where the recorded ones are odd', () => {
    expect(firstFrame('usdc')).toMatchObject({ mint: 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v' });
    expect(firstFrame('mayhem')).toMatchObject({
      is_mayhem_mode: true,
      bondingCurveKey: 'BwWK17cbHxwWBKZkUYvzxLcNQ1YVyaFezduWbtm2de6s',
    });
    const bonk = firstFrame('bonk');
    expect(bonk).toMatchObject({ pool: 'bonk', txType: 'create' });
    expect(bonk).not.toHaveProperty('bondingCurveKey');
  });
});

const samples = resolve(import.meta.dirname, '../../../../../shared/protocols/samples');

describe.skipIf(!existsSync(samples))(
  `against the recorded frames in ${samples} (skipped when absent)`,
  () => {
    it('have the same keys in the same order as a recorded create', () => {
      const { frames } = JSON.parse(readFileSync(`${samples}/pumpportal_events_2026-09-28.json`, 'utf8')) as {
        frames: { kind: string; frame: Record<string, unknown> }[];
      };
      const recorded = frames.find(({ kind }) => kind.startsWith('create pump (mint'));
      expect(Object.keys(firstFrame('none'))).toEqual(Object.keys(recorded?.frame ?? {}));
    });
  },
);
