import type { ServiceView } from '@onefeed/contracts';

/** Without one of these the platform does not trade. */
const NEEDED = ['feed-gateway', 'analysis-engine', 'bot-runner'] as const;

/** Why the platform is not whole; empty when each needed service has an instance that speaks and is ready. */
export function healthProblems(services: readonly ServiceView[]): string[] {
  return NEEDED.flatMap((name) => {
    const speaking = services.filter(({ service, silent }) => service === name && !silent);
    if (speaking.some(({ ready }) => ready)) return [];
    if (speaking.length === 0) return [`${name} is silent`];
    return [`${name} is not ready`];
  });
}

/** The figures of all speaking instances of a service as one: numbers are added up. */
export function figuresOf(
  services: readonly ServiceView[],
  name: string,
): Record<string, number | string | boolean> {
  const sum: Record<string, number | string | boolean> = {};
  for (const { service, silent, figures } of services) {
    if (service !== name || silent) continue;
    for (const [figure, value] of Object.entries(figures)) {
      const known = sum[figure];
      const adds = typeof value === 'number' && typeof known === 'number' && !figure.endsWith('At');
      sum[figure] = adds ? known + value : value;
    }
  }
  return sum;
}
