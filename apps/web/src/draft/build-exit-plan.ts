import type { ExitPlan, TakeProfit } from '@onefeed/contracts';
import type { BotDraft, StrategyKind } from './bot-draft.ts';
import { type NumberRule, numberProblem, type Problems, readNumber } from './read-number.ts';

/** Percents are floats: 33.4 + 33.3 + 33.3 is a little more than 100. */
const ROUNDING = 1e-9;

const share = (label: string): NumberRule => ({ label, minimum: 0, above: true, maximum: 100 });
const gain = (label: string): NumberRule => ({ label, minimum: 0, above: true, maximum: 100_000 });

/** The exit plan of a draft, or undefined with the reasons in `problems`. */
export function buildExitPlan(draft: BotDraft, kind: StrategyKind, problems: Problems): ExitPlan | undefined {
  const takeProfit = buildTakeProfit(draft, kind, problems);
  const stopLossPercent = readNumber(
    draft,
    'stopLossPercent',
    { ...share('Stop loss'), optional: true },
    problems,
  );
  const timeLimitSeconds = readNumber(
    draft,
    'timeLimitSeconds',
    { label: 'Time limit', minimum: 1, maximum: 31_536_000, whole: true, optional: true },
    problems,
  );
  const distancePercent = readNumber(
    draft,
    'distancePercent',
    { ...share('Trailing distance'), optional: draft.takeProfit !== 'TRAILING' },
    problems,
  );
  const activatePercent = readNumber(
    draft,
    'activatePercent',
    { label: 'Trailing start', minimum: 0, maximum: 100_000, optional: true },
    problems,
  );
  if (!takeProfit) return undefined;
  return {
    takeProfit,
    ...(stopLossPercent === undefined ? {} : { stopLossPercent }),
    ...(distancePercent === undefined
      ? {}
      : { trailing: { activatePercent: activatePercent ?? 0, distancePercent } }),
    ...(timeLimitSeconds === undefined ? {} : { timeLimitSeconds }),
  };
}

function buildTakeProfit(draft: BotDraft, kind: StrategyKind, problems: Problems): TakeProfit | undefined {
  switch (draft.takeProfit) {
    case 'TRAILING':
      return { type: 'TRAILING' };
    case 'FIXED': {
      const gainPercent = readNumber(draft, 'gainPercent', gain('Take profit'), problems);
      return gainPercent === undefined ? undefined : { type: 'FIXED', gainPercent };
    }
    case 'LADDER':
      return buildLadder(draft, problems);
    case 'PROGRESSIVE_AFTER_MIGRATION':
      return buildProgressive(draft, kind, problems);
  }
}

function buildLadder(draft: BotDraft, problems: Problems): TakeProfit | undefined {
  for (const leg of draft.legs) {
    const problem =
      numberProblem(leg.gainPercent.trim(), gain('Gain')) ??
      numberProblem(leg.sellPercent.trim(), share('Share to sell'));
    if (problem !== null) {
      problems.legs = problem;
      return undefined;
    }
  }
  const legs = draft.legs.map((leg) => ({
    gainPercent: Number(leg.gainPercent),
    sellPercent: Number(leg.sellPercent),
  }));
  const sold = legs.reduce((sum, leg) => sum + leg.sellPercent, 0);
  if (legs.length === 0) problems.legs = 'A ladder needs at least one step.';
  else if (legs.length > 20) problems.legs = 'A ladder has at most 20 steps.';
  else if (sold > 100 + ROUNDING)
    problems.legs = `The steps sell ${Number(sold.toFixed(6))}% together; 100% is all there is.`;
  else if (legs.some((leg, index) => leg.gainPercent <= (legs[index - 1]?.gainPercent ?? 0))) {
    problems.legs = 'Each step must come at a higher gain than the one before.';
  } else return { type: 'LADDER', legs };
  return undefined;
}

function buildProgressive(draft: BotDraft, kind: StrategyKind, problems: Problems): TakeProfit | undefined {
  if (kind !== 'token')
    problems.takeProfit = 'Only pump.fun tokens migrate; choose another exit for this strategy.';
  const initialPercent = readNumber(draft, 'initialPercent', share('First sale'), problems);
  const stepPercent = readNumber(draft, 'stepPercent', share('Step'), problems);
  const interval = { label: 'Interval', minimum: 0, above: true, maximum: 86_400 };
  const stepInterval = readNumber(draft, 'stepInterval', interval, problems);
  if (initialPercent === undefined || stepPercent === undefined || stepInterval === undefined)
    return undefined;
  return {
    type: 'PROGRESSIVE_AFTER_MIGRATION',
    initialPercent,
    stepPercent,
    stepInterval,
    stepUnit: draft.stepUnit,
  };
}
