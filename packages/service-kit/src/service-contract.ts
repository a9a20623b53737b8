import { describe, expect, it } from 'vitest';
import type { Service } from './service.ts';

export interface ServiceUnderTest {
  service: Pick<Service, 'start' | 'stop'>;
  /** Whether anything of it still runs. */
  runs(): boolean | Promise<boolean>;
}

/** What every part with `start` and `stop` does, in whatever order they are called. */
export function describeServiceContract(
  name: string,
  create: () => Promise<ServiceUnderTest> | ServiceUnderTest,
): void {
  describe(`${name}: the contract of a service`, () => {
    it('runs nothing after a stop', async () => {
      const { service, runs } = await create();
      await service.start();
      await service.stop();
      expect(await runs()).toBe(false);
    });

    it('may be stopped again and again, also at the same time', async () => {
      const { service, runs } = await create();
      await service.start();
      await Promise.all([service.stop(), service.stop()]);
      await service.stop();
      expect(await runs()).toBe(false);
    });

    it('may be stopped before it was started, and does not start any more', async () => {
      const { service, runs } = await create();
      await service.stop();
      await service.start();
      expect(await runs()).toBe(false);
    });

    it('may be stopped while it starts', async () => {
      const { service, runs } = await create();
      const starting = service.start();
      await service.stop();
      await starting;
      expect(await runs()).toBe(false);
    });
  });
}
