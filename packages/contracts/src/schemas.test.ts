import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as contracts from './index.ts';

/**
 * The hash of every schema that crosses a process, by PROTOCOL_VERSION. When this test fails the wire has changed:
 * raise PROTOCOL_VERSION in protocol-version.ts, say there what changed, and record the new hash under it.
 */
const RECORDED: Readonly<Record<number, string>> = {
  1: '51f9ed9470dc464d29b5348484d1d2e09fa9db7dffec3304c63690e0a351b585',
  2: 'e7932c4752b30363870cdc68275b31dd9ac35a1f8c9126fd631cd2e8e26f6aed',
};

/** JSON with sorted keys: the order in which a schema was written does not cross the wire. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

const schemas = Object.entries(contracts)
  .filter(([, value]) => typeof value === 'object' && value !== null && '~kind' in value)
  .sort(([a], [b]) => (a < b ? -1 : 1));

describe('the wire', () => {
  it('has not changed under its version', () => {
    expect(schemas.length).toBeGreaterThan(80);
    const hash = createHash('sha256').update(canonical(schemas)).digest('hex');
    expect(
      RECORDED[contracts.PROTOCOL_VERSION],
      `The schemas changed: raise PROTOCOL_VERSION (now ${contracts.PROTOCOL_VERSION}), say in protocol-version.ts what ` +
        `changed, and record under the new version: '${hash}'`,
    ).toBe(hash);
  });

  it('has error codes that say what they are and an HTTP status', () => {
    for (const [code, { status, message }] of Object.entries(contracts.ERROR_CATALOGUE)) {
      expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
      expect(message).toMatch(/\.$/);
    }
  });
});
