import type { ExitPlan, TakeProfit } from '@onefeed/contracts';

/** An exit plan in a few words: `+2% · stop -8% · trail 3%`. */
export function describeExitPlan(plan: ExitPlan): string {
  const trailing = plan.trailing;
  return [
    describeTakeProfit(plan.takeProfit),
    plan.stopLossPercent === undefined ? '' : `stop -${plan.stopLossPercent}%`,
    trailing === undefined
      ? ''
      : `trail ${trailing.distancePercent}%${trailing.activatePercent > 0 ? ` from +${trailing.activatePercent}%` : ''}`,
    plan.timeLimitSeconds === undefined ? '' : `${plan.timeLimitSeconds} s limit`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function describeTakeProfit(takeProfit: TakeProfit): string {
  switch (takeProfit.type) {
    case 'FIXED':
      return `+${takeProfit.gainPercent}%`;
    case 'LADDER':
      return takeProfit.legs.map((leg) => `${leg.sellPercent}% at +${leg.gainPercent}%`).join(', ');
    case 'TRAILING':
      return '';
    case 'PROGRESSIVE_AFTER_MIGRATION': {
      const step =
        takeProfit.stepUnit === 'seconds' ? `${takeProfit.stepInterval} s` : `+${takeProfit.stepInterval}%`;
      return `${takeProfit.initialPercent}% at migration, then ${takeProfit.stepPercent}% each ${step}`;
    }
  }
}
