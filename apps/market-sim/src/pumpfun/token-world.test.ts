import { describe, expect, it, vi } from 'vitest';
import type { TokenEvent } from './token-life.ts';
import { createTokenWorld } from './token-world.ts';

// Much work or real sockets: a busy machine takes longer than the default allows.
vi.setConfig({ testTimeout: 30_000 });

const START = 1_000_000;
const world = (speed: number, enterAt = START) =>
  createTokenWorld({ seed: 2, startAt: START, enterAt, speed, tokensPerMinute: 20 });

/** Events of `wallMs` at `speed`, looked at every `stepMs`, with the wall time they were seen at. */
function watch(speed: number, wallMs: number, stepMs: number) {
  const tokens = world(speed);
  const events: (TokenEvent & { wall: number })[] = [];
  let most = 0;
  for (let wall = 0; wall <= wallMs; wall += stepMs) {
    for (const event of tokens.advance(START + wall * speed)) events.push({ ...event, wall });
    most = Math.max(most, tokens.liveTokens);
  }
  return { events, most };
}

describe('the world of tokens', () => {
  it('is the same however often it is looked at', () => {
    const texts = (stepMs: number) => watch(20, 20_000, stepMs).events.map(({ text }) => text);
    expect(texts(20)).toEqual(texts(5_000));
  });

  it('bears twenty tokens a minute at speed 1', () => {
    const { events, most } = watch(1, 120_000, 500);
    const creates = events.filter(({ kind }) => kind === 'create').length / 2;
    expect(creates).toBeGreaterThan(18);
    expect(creates).toBeLessThan(22);
    expect(most).toBeLessThan(150);
  });

  it('at full speed bears 120 a wall minute and shows a migration within 20 s, then one every 5 to 12 s', () => {
    const { events, most } = watch(20, 90_000, 250);
    const creates = events.filter(({ kind }) => kind === 'create').length / 1.5;
    expect(creates).toBeGreaterThan(110);
    expect(creates).toBeLessThan(125);
    const migrations = events.filter(({ kind }) => kind === 'migrate');
    expect(migrations[0]?.wall).toBeLessThan(20_000);
    expect(90 / migrations.length).toBeGreaterThan(5);
    expect(90 / migrations.length).toBeLessThan(12);
    expect(most).toBeLessThan(150);
  });

  it('entered later bears none of the earlier tokens again', () => {
    const before = new Set(watch(20, 20_000, 100).events.map(({ mint }) => mint));
    const later = world(20, START + 20_000 * 20);
    const creates = later.advance(START + 30_000 * 20).filter(({ kind }) => kind === 'create');
    expect(creates.length).toBeGreaterThan(10);
    const ordinary = creates.filter(({ mint }) => !mint.startsWith('EPjFWdd5'));
    expect(ordinary.filter(({ mint }) => before.has(mint))).toEqual([]);
  });
});
