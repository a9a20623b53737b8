import { createRandom, exponential, hash32, type Random } from '../random.ts';
import { SIM_VENUES, type SimVenue } from '../sim-metrics.ts';
import type { CompletePlan } from './fault-plan.ts';

export const FAULT_KINDS = [
  'drop',
  'vanish',
  'close',
  'gap',
  'silence',
  'silentStream',
  'shutdown',
  'hostile',
  'limited',
  'banned',
  'refusedTrades',
  'stoppedTrades',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** One fault of a plan. */
export interface Happening {
  /** Wall ms since the plan's start. */
  atMs: number;
  venue: SimVenue;
  kind: FaultKind;
  /** How long it lasts; 0 for what is over at once. */
  seconds: number;
  /** Drawn for the choices that are left: which stream, which frame. */
  draw: number;
}

export interface FaultSchedule {
  /** The happenings up to `elapsedMs` that were not given before, in order. */
  due(elapsedMs: number): Happening[];
  /** Moment of the next one; Infinity when there is none. */
  nextAtMs(): number;
}

interface Source {
  venue: SimVenue;
  kind: FaultKind;
  meanGapMs: number;
  random: Random;
  next: Happening;
}

const MINUTE_MS = 60_000;

/** The moments of a plan: for each venue and kind a Poisson process of its own. Pure. */
export function createFaultSchedule(plan: CompletePlan): FaultSchedule {
  const sources: Source[] = [];
  for (const venue of SIM_VENUES) {
    const rates: Partial<Record<FaultKind, number>> = plan.perMinute[venue] ?? {};
    for (const kind of FAULT_KINDS) {
      const rate = rates[kind] ?? 0;
      if (rate <= 0) continue;
      const random = createRandom(hash32(plan.seed, 'fault', venue, kind));
      const source = { venue, kind, meanGapMs: MINUTE_MS / rate, random };
      sources.push({ ...source, next: draw(source, 0) });
    }
  }

  function draw({ venue, kind, meanGapMs, random }: Omit<Source, 'next'>, after: number): Happening {
    const mean = (plan.seconds as Partial<Record<FaultKind, number>>)[kind] ?? 0;
    return {
      atMs: Math.ceil(after + exponential(random, meanGapMs)),
      venue,
      kind,
      seconds: mean * (0.5 + random()),
      draw: Math.floor(random() * 2 ** 32),
    };
  }

  const first = () =>
    sources.reduce<Source | undefined>(
      (best, source) => (best && best.next.atMs <= source.next.atMs ? best : source),
      undefined,
    );

  return {
    due(elapsedMs) {
      const happenings: Happening[] = [];
      for (let source = first(); source && source.next.atMs <= elapsedMs; source = first()) {
        happenings.push(source.next);
        source.next = draw(source, source.next.atMs);
      }
      return happenings;
    },
    nextAtMs: () => first()?.next.atMs ?? Infinity,
  };
}
