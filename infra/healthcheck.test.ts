import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createInternalServer, createKit } from '../packages/service-kit/src/index.ts';

const HEALTHCHECK = fileURLToPath(new URL('healthcheck.mjs', import.meta.url));

async function check(port: number): Promise<number> {
  const child = spawn(process.execPath, [HEALTHCHECK], {
    env: { INTERNAL_PORT: String(port) },
    stdio: 'ignore',
  });
  const [code] = await once(child, 'exit');
  return code;
}

it('a container is healthy while its process answers, ready or not', async () => {
  const kit = createKit({ service: 'test', logLevel: 'fatal' });
  const server = createInternalServer({ port: 0, host: '127.0.0.1', kit, readiness: () => ['no upstream'] });
  const port = await server.start();
  expect(await check(port)).toBe(0);
  await server.stop();
  expect(await check(port)).toBe(1);
});
