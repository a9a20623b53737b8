import { type CreateBot, MAX_STRATEGY_LENGTH, type RiskSettings, type Stake } from '@onefeed/contracts';
import { type BotDraft, OWN_STRATEGY, type StrategyKind } from './bot-draft.ts';
import { buildExitPlan } from './build-exit-plan.ts';
import { type Problems, readNumber } from './read-number.ts';

export type BuiltBot =
  | { readonly bot: CreateBot; readonly problems?: undefined }
  | { readonly bot?: undefined; readonly problems: Problems };

/** The request for a draft, or what is wrong with it, field by field. */
export function buildBot(draft: BotDraft, kind: StrategyKind): BuiltBot {
  const problems: Problems = {};
  const stake = buildStake(draft, problems);
  const exitPlan = buildExitPlan(draft, kind, problems);
  const risk = buildRisk(draft, problems);
  const own = draft.strategyId === OWN_STRATEGY;
  const text = draft.strategyText.trim();
  if (own && text === '') problems.strategyText = 'Write a strategy, or choose one from the list.';
  if (own && text.length > MAX_STRATEGY_LENGTH) {
    problems.strategyText = `A strategy has at most ${MAX_STRATEGY_LENGTH} characters.`;
  }
  if (kind === 'candle' && draft.instruments.length === 0)
    problems.instruments = 'Choose at least one market.';
  if (draft.name.trim().length > 80) problems.name = 'A name has at most 80 characters.';
  if (Object.keys(problems).length > 0 || !stake || !exitPlan || !risk) return { problems };
  return {
    bot: {
      name: draft.name.trim() || suggestName(draft, kind),
      venue: kind === 'token' ? 'pumpfun' : 'binance',
      instruments: kind === 'token' ? [] : [...draft.instruments],
      ...(own ? { strategy: text } : { strategyId: draft.strategyId }),
      mode: 'paper',
      stake,
      exitPlan,
      risk,
    },
  };
}

/** `EMA_CROSS BTCUSDT`: what an unnamed bot is called. */
export function suggestName(draft: BotDraft, kind: StrategyKind): string {
  const strategy = draft.strategyId === OWN_STRATEGY ? 'My strategy' : draft.strategyId;
  const [first, ...others] = draft.instruments;
  const market = kind === 'token' || first === undefined ? 'pump.fun' : first;
  const more = kind === 'candle' && others.length > 0 ? ` +${others.length}` : '';
  return `${strategy} ${market}${more}`.slice(0, 80);
}

function buildStake(draft: BotDraft, problems: Problems): Stake | undefined {
  if (draft.stakeType === 'percent') {
    const rule = { label: 'Stake', minimum: 0, above: true, maximum: 100 };
    const percent = readNumber(draft, 'stakePercent', rule, problems);
    return percent === undefined ? undefined : { type: 'percent', percent };
  }
  const rule = { label: 'Stake', minimum: 0, above: true, maximum: 1_000_000_000 };
  const amount = readNumber(draft, 'stakeAmount', rule, problems);
  return amount === undefined ? undefined : { type: 'fixed', amount: decimalText(draft.stakeAmount) };
}

function buildRisk(draft: BotDraft, problems: Problems): RiskSettings | undefined {
  const maxOpenPositions = readNumber(
    draft,
    'maxOpenPositions',
    { label: 'Open positions', minimum: 1, maximum: 100, whole: true },
    problems,
  );
  const cooldownSeconds = readNumber(
    draft,
    'cooldownSeconds',
    { label: 'Cooldown', minimum: 0, maximum: 86_400, whole: true },
    problems,
  );
  const lossRule = { label: 'Daily loss', minimum: 0, above: true, maximum: 1_000_000_000, optional: true };
  const loss = readNumber(draft, 'dailyLossLimit', lossRule, problems);
  if (maxOpenPositions === undefined || cooldownSeconds === undefined) return undefined;
  return {
    maxOpenPositions,
    cooldownSeconds,
    ...(loss === undefined ? {} : { dailyLossLimit: decimalText(draft.dailyLossLimit) }),
  };
}

/** `.5` and `5.` as the wire wants them: `0.5`, `5`. */
function decimalText(text: string): string {
  const [whole = '', fraction = ''] = text.trim().split('.');
  return fraction === '' ? whole || '0' : `${whole || '0'}.${fraction.slice(0, 18)}`;
}
