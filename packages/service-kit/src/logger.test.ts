import { describe, expect, it } from 'vitest';
import { createLogger, scrubSecrets } from './logger.ts';

function logged(details: object, message = 'text'): string {
  const lines: string[] = [];
  const logger = createLogger({
    service: 'api',
    instance: 'api-1',
    level: 'info',
    destination: { write: (line: string) => void lines.push(line) },
  });
  logger.info(details, message);
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}

describe('logger', () => {
  it('writes one JSON line that names service and instance', () => {
    const line = logged({ count: 2 }, 'started');
    expect(line.endsWith('\n')).toBe(true);
    expect(JSON.parse(line)).toMatchObject({
      level: 'info',
      service: 'api',
      instance: 'api-1',
      count: 2,
      msg: 'started',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  it.each([
    'authorization',
    'cookie',
    'set-cookie',
    'password',
    'token',
    'accessToken',
    'refreshToken',
    'secret',
    'apiKey',
    'api-key',
  ])('never writes the value of %s, however deep', (key) => {
    const details = {
      [key]: 'hunter2',
      a: { [key]: 'hunter2', b: { [key]: 'hunter2', c: { [key]: 'hunter2' } } },
    };
    const line = logged(details);
    expect(line).not.toContain('hunter2');
    expect(line.split('[redacted]')).toHaveLength(5);
  });

  it('removes secrets that sit inside texts, errors included', () => {
    const error = new Error('connect failed: postgres://user:hunter2@host/db');
    const line = logged(
      { err: error, url: 'wss://pumpportal.fun/api/data?api-key=hunter2&x=1' },
      'sent Authorization: Bearer hunter2.abc-def and ticket https://x/api/ws?ticket=hunter2',
    );
    expect(line).not.toContain('hunter2');
    expect(line).toContain('&x=1');
    expect(JSON.parse(line).url).toBe('wss://pumpportal.fun/api/data?api-key=[redacted]&x=1');
  });

  it('leaves ordinary texts alone', () => {
    const text = 'token 7xKX migrated at ratio=3:1, see https://host:443/path@x?instrument=BTCUSDT';
    expect(scrubSecrets(text)).toBe(text);
  });
});
