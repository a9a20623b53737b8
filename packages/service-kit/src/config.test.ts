import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { CommonConfig, ConfigError, readConfig } from './config.ts';

const Example = Type.Object({
  PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 5001 }),
  SPEED: Type.Number({ exclusiveMinimum: 0, default: 1, description: 'a positive number' }),
  ENABLED: Type.Boolean({ default: false }),
  INSTRUMENTS: Type.Array(Type.String({ pattern: '^[A-Z]+$' }), { default: ['BTCUSDT'] }),
  JWT_SECRET: Type.String({ minLength: 32 }),
  ADMIN_EMAIL: Type.Optional(Type.String()),
  ADMIN_PASSWORD: Type.Optional(Type.String()),
  PATH_PREFIX: Type.Optional(Type.String()),
});
const JWT_SECRET = 'x'.repeat(32);

function problemOf(act: () => unknown): ConfigError {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('no ConfigError was thrown');
}

describe('readConfig', () => {
  it('converts texts, splits lists and applies defaults; empty text is absent', () => {
    const env = {
      JWT_SECRET,
      PORT: ' 80 ',
      ENABLED: 'true',
      INSTRUMENTS: 'BTCUSDT, ETHUSDT,',
      SPEED: '',
      UNKNOWN: 'x',
    };
    expect(readConfig(Example, env)).toEqual({
      PORT: 80,
      SPEED: 1,
      ENABLED: true,
      INSTRUMENTS: ['BTCUSDT', 'ETHUSDT'],
      JWT_SECRET,
    });
    expect(readConfig(Example, { JWT_SECRET }).INSTRUMENTS).toEqual(['BTCUSDT']);
  });

  it('does not share defaults between configurations', () => {
    readConfig(Example, { JWT_SECRET }).INSTRUMENTS.push('CHANGED');
    expect(readConfig(Example, { JWT_SECRET }).INSTRUMENTS).toEqual(['BTCUSDT']);
  });

  it('names every wrong variable, what it should be, and no value', () => {
    const env = { PORT: '80.5', SPEED: 'fast-secret', INSTRUMENTS: 'BTCUSDT,lower', JWT_SECRET: 'tooshort' };
    const error = problemOf(() => readConfig(Example, env));
    expect(error.variables).toEqual(['PORT', 'SPEED', 'INSTRUMENTS', 'JWT_SECRET']);
    expect(error.message).toContain('PORT is not valid: expected integer, at least 0, at most 65535');
    expect(error.message).toContain('SPEED is not valid: expected a positive number');
    expect(error.message).toContain('JWT_SECRET is not valid: expected string, at least 32 characters');
    for (const value of ['80.5', 'fast-secret', 'lower', 'tooshort'])
      expect(error.message).not.toContain(value);
    expect(error.message).not.toContain('\n');
  });

  it('names a missing variable', () => {
    expect(problemOf(() => readConfig(Example, { JWT_SECRET: ' ' })).message).toBe(
      'Configuration: JWT_SECRET is required (string, at least 32 characters).',
    );
  });

  it('refuses a half-filled group', () => {
    const together = [['ADMIN_EMAIL', 'ADMIN_PASSWORD']];
    const half = problemOf(() => readConfig(Example, { JWT_SECRET, ADMIN_EMAIL: 'a@b.c' }, { together }));
    expect(half.message).toBe('Configuration: ADMIN_PASSWORD is required when ADMIN_EMAIL is set.');
    expect(readConfig(Example, { JWT_SECRET }, { together })).not.toHaveProperty('ADMIN_EMAIL');
    const full = readConfig(Example, { JWT_SECRET, ADMIN_EMAIL: 'a@b.c', ADMIN_PASSWORD: 'p' }, { together });
    expect(full.ADMIN_PASSWORD).toBe('p');
  });

  it('reads what every process with a database needs', () => {
    const error = problemOf(() => readConfig(CommonConfig, { INTERNAL_PORT: '9101', LOG_LEVEL: 'loud' }));
    expect(error.message).toBe(
      'Configuration: LOG_LEVEL is not valid: expected fatal, error, warn, info, debug or trace; ' +
        'DATABASE_URL is required (postgres://user:password@host:port/database).',
    );
    expect(
      readConfig(CommonConfig, { INTERNAL_PORT: '9101', DATABASE_URL: 'postgres://localhost/x' }),
    ).toEqual({
      LOG_LEVEL: 'info',
      INTERNAL_PORT: 9101,
      INTERNAL_HOST: '127.0.0.1',
      DATABASE_URL: 'postgres://localhost/x',
    });
  });
});
