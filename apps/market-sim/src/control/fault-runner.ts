import type { Paced } from '../ticker.ts';
import { type FaultActions, happen } from './fault-actions.ts';
import { type CompletePlan, completePlan, type FaultPlan } from './fault-plan.ts';
import { createFaultSchedule, type FaultSchedule, type Happening } from './fault-schedule.ts';
import type { Faults } from './faults.ts';

/** The newest happenings that `GET /sim/faults` tells. */
const REMEMBERED = 500;

export interface FaultRunner extends Paced {
  /** Starts a plan in place of the one that ran; the fates of bars, trades and answers follow its seed. */
  begin(plan: FaultPlan): CompletePlan;
  /** No more faults by themselves; switches stay as they are. */
  end(): void;
  /** Seed of the fates: the plan's, or the market's while there is none. */
  seed(): number;
  report(): { plan: CompletePlan | null; happened: number; recent: readonly Happening[] };
}

/** Runs a fault plan on the wall clock. */
export function createFaultRunner(
  faults: Faults,
  actions: FaultActions,
  wallNow: () => number,
  marketSeed: number,
): FaultRunner {
  let plan: CompletePlan | undefined;
  let schedule: FaultSchedule | undefined;
  let startedAt = 0;
  let happened = 0;
  let recent: Happening[] = [];

  return {
    begin(asked) {
      plan = completePlan(asked);
      schedule = createFaultSchedule(plan);
      startedAt = wallNow();
      happened = 0;
      recent = [];
      const { oneIn } = plan;
      faults.dropFinalOneIn = oneIn.dropFinal ?? 0;
      faults.duplicateFinalOneIn = oneIn.duplicateFinal ?? 0;
      faults.lateFinalOneIn = oneIn.lateFinal ?? 0;
      faults.lateFinalMs = plan.lateFinalMs;
      faults.lifetimeHours = plan.lifetimeHours;
      faults.loseTradeOneIn = oneIn.loseTrade ?? 0;
      faults.delayTradeOneIn = oneIn.delayTrade ?? 0;
      faults.delayTradeMs = plan.delayMs;
      faults.truncateLogsOneIn = oneIn.truncateLogs ?? 0;
      for (const http of Object.values(faults.http)) {
        http.failOneIn = oneIn.failAnswer ?? 0;
        http.truncateOneIn = oneIn.truncateAnswer ?? 0;
        http.delayOneIn = oneIn.delayAnswer ?? 0;
        http.delayMs = plan.delayMs;
      }
      return plan;
    },
    end() {
      plan = undefined;
      schedule = undefined;
    },
    seed: () => plan?.seed ?? marketSeed,
    report: () => ({ plan: plan ?? null, happened, recent }),
    run() {
      for (const happening of schedule?.due(wallNow() - startedAt) ?? []) {
        happened += 1;
        recent = [...recent.slice(1 - REMEMBERED), happening];
        happen(actions, happening.venue, happening.kind, happening.seconds, happening.draw);
      }
    },
    wallDelay: () => (schedule ? Math.max(0, schedule.nextAtMs() - (wallNow() - startedAt)) : Infinity),
  };
}
