import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

test('data lives in the project unless ONEFEED_HOME says otherwise', () => {
  const plain = readConfig([], {});
  expect(plain.home).toBe(`${plain.root}/.onefeed`);
  expect(readConfig([], { ONEFEED_HOME: '/srv/onefeed' }).home).toBe('/srv/onefeed');
  expect(readConfig([], { ONEFEED_HOME: 'data', INIT_CWD: '/srv' }).home).toBe('/srv/data');
});

test('a replay file is found from where the command was given', () => {
  const file = 'flags.test.ts';
  expect(() => readConfig(['--replay', 'BTCUSDT.csv'], { INIT_CWD: here })).toThrow(
    /BTCUSDT\.csv cannot be read\.$/,
  );
  expect(() => readConfig(['--replay', file], { INIT_CWD: here })).toThrow(/begin with its symbol/);
});

test('PORT is the default of --port', () => {
  expect(readConfig([], { PORT: '8080' }).flags.port).toBe(8080);
  expect(readConfig(['--port', '8081'], { PORT: '8080' }).flags.port).toBe(8081);
  expect(() => readConfig([], { PORT: 'web' })).toThrow(/^PORT must be a whole number/);
});

test('a half-filled admin login names what is missing', () => {
  expect(() => readConfig([], { ADMIN_EMAIL: 'a@example.com' })).toThrow(/^ADMIN_PASSWORD is missing/);
  expect(() => readConfig([], { ADMIN_PASSWORD: 'x' })).toThrow(/^ADMIN_EMAIL is missing/);
  const both = { ADMIN_EMAIL: 'a@example.com', ADMIN_PASSWORD: 'long enough' };
  expect(readConfig([], both).admin).toEqual({ email: 'a@example.com', password: 'long enough' });
});

test('a wrong DATABASE_URL is told without repeating it', () => {
  expect(() => readConfig([], { DATABASE_URL: 'mysql://u:secret@h/d' })).toThrow(
    /^DATABASE_URL must look like/,
  );
  expect(() => readConfig([], { DATABASE_URL: 'mysql://u:secret@h/d' })).not.toThrow(/secret/);
});

test('colour for terminals, unless NO_COLOR', () => {
  expect(readConfig([], {}, true).colour).toBe(true);
  expect(readConfig([], { NO_COLOR: '1' }, true).colour).toBe(false);
  expect(readConfig([], {}, false).colour).toBe(false);
  expect(readConfig([], { FORCE_COLOR: '1' }, false).colour).toBe(true);
});
