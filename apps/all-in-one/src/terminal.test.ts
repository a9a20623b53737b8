import { createFakeClock } from '@onefeed/testkit';
import { expect, test } from 'vitest';
import { formatLogLine } from './log-line.ts';
import { createTerminal } from './terminal.ts';

const plain = { colour: false, width: 4 };

test('a JSON line becomes readable and loses what the prefix says', () => {
  const line = JSON.stringify({
    level: 'info',
    time: '2026-01-02T03:04:05.678Z',
    service: 'api',
    instance: 'api-1',
    port: 5001,
    venue: 'binance',
    msg: 'listening',
  });
  expect(formatLogLine('api', line, plain, 0)).toBe('03:04:05 api  listening port=5001 venue=binance');
});

test('louder levels and errors are told', () => {
  const line = JSON.stringify({ level: 'error', err: { message: 'no route', stack: 'x' }, msg: 'lost' });
  expect(formatLogLine('api', line, plain, 0)).toBe('00:00:00 api  ERROR lost (no route)');
});

test('anything else is shown as it is, and cut when it is too long', () => {
  expect(formatLogLine('api', '{ not JSON', plain, 0)).toBe('00:00:00 api  { not JSON');
  expect(formatLogLine('api', 'x'.repeat(5_000), plain, 0)).toMatch(/^.{2014} \.\.\. \(5000 characters\)$/);
});

test('colour only where it is wanted', () => {
  expect(formatLogLine('api', 'x', { colour: true, width: 3 }, 0)).toContain('\u001b[');
  expect(formatLogLine('api', 'x', plain, 0)).not.toContain('\u001b[');
});

test('a process that floods is cut and the cut is told; the others are not touched', async () => {
  const clock = createFakeClock(0);
  const out: string[] = [];
  const terminal = createTerminal({
    write: (text) => out.push(text),
    colour: false,
    names: ['api', 'bot'],
    now: clock.now,
  });
  for (let line = 0; line < 80; line++) terminal.log('api', `line ${line}`);
  terminal.log('bot', 'hello');
  expect(out).toHaveLength(51);
  expect(out.at(-1)).toBe('00:00:00 bot hello\n');
  await clock.advance(1_000);
  terminal.log('api', 'after');
  expect(out.slice(51)).toEqual([
    '00:00:01 api 30 lines left out: more than 50 a second\n',
    '00:00:01 api after\n',
  ]);
});
