import type { Figures, Service } from './service.ts';

/** A part that may leave out what it has nothing to say about. */
export type ServicePart = Pick<Service, 'start' | 'stop'> & Partial<Service>;

/**
 * Several parts as one: started in order, stopped in reverse. Every started part is stopped even when another's
 * stop fails; then the first failure is thrown.
 */
export function createServiceGroup(parts: readonly ServicePart[]): Service {
  let stopping: Promise<void> | undefined;

  async function stopAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const part of parts.toReversed()) {
      try {
        await part.stop();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  return {
    async start() {
      for (const part of parts) {
        if (stopping) return;
        await part.start();
      }
    },
    stop() {
      stopping ??= stopAll();
      return stopping;
    },
    readiness: () => parts.flatMap((part) => part.readiness?.() ?? []),
    figures: () => Object.assign({}, ...parts.map((part) => part.figures?.() ?? {})) as Figures,
  };
}
