import type { ExitPlan, Venue } from '@onefeed/contracts';

export interface ExitPlanProblem {
  path: string;
  message: string;
}

/** What a well-formed exit plan still gets wrong. */
export function exitPlanProblems(plan: ExitPlan, venue: Venue): ExitPlanProblem[] {
  const problems: ExitPlanProblem[] = [];
  const { takeProfit } = plan;
  if (takeProfit.type === 'PROGRESSIVE_AFTER_MIGRATION' && venue !== 'pumpfun') {
    problems.push({
      path: '/takeProfit',
      message: 'PROGRESSIVE_AFTER_MIGRATION needs venue pumpfun: only tokens migrate',
    });
  }
  if (takeProfit.type === 'PROGRESSIVE_AFTER_MIGRATION') {
    // Finer steps are orders by the thousand, each below what a venue takes.
    for (const part of ['stepPercent', 'stepInterval'] as const) {
      if (takeProfit[part] < 1) problems.push({ path: `/takeProfit/${part}`, message: 'must be at least 1' });
    }
  }
  if (takeProfit.type === 'TRAILING' && !plan.trailing) {
    problems.push({ path: '/trailing', message: 'is needed by takeProfit TRAILING' });
  }
  if (takeProfit.type === 'LADDER') {
    const total = takeProfit.legs.reduce((sum, leg) => sum + leg.sellPercent, 0);
    // Percents are floats: 33.4 + 33.3 + 33.3 is a little more than 100.
    if (total > 100 + 1e-9) {
      problems.push({ path: '/takeProfit/legs', message: `sellPercent adds up to ${total}, at most 100` });
    }
    const rising = takeProfit.legs.every((leg, index) => {
      const before = takeProfit.legs[index - 1];
      return before === undefined || leg.gainPercent > before.gainPercent;
    });
    if (!rising)
      problems.push({ path: '/takeProfit/legs', message: 'gainPercent must rise from leg to leg' });
  }
  return problems;
}
