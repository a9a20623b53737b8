import type { BotDraft } from './bot-draft.ts';

export type DraftField = keyof BotDraft;
/** Field -> what is wrong with it, in words for the person filling the form in. */
export type Problems = Partial<Record<DraftField, string>>;

export interface NumberRule {
  readonly label: string;
  /** Smallest value; with `above` it is itself not allowed. */
  readonly minimum: number;
  readonly above?: boolean;
  readonly maximum: number;
  readonly whole?: boolean;
  readonly optional?: boolean;
}

/** Reads a number field; what is wrong is put into `problems`. Empty optional fields are `undefined`. */
export function readNumber(
  draft: BotDraft,
  field: DraftField,
  rule: NumberRule,
  problems: Problems,
): number | undefined {
  const text = String(draft[field]).trim();
  const problem = numberProblem(text, rule);
  if (problem !== null) problems[field] = problem;
  return text === '' || problem !== null ? undefined : Number(text);
}

/** What is wrong with a number as typed, or null. */
export function numberProblem(text: string, rule: NumberRule): string | null {
  if (text === '') return rule.optional ? null : `${rule.label} is needed.`;
  const value = Number(text);
  if (!/^\d*\.?\d+$|^\d+\.$/.test(text) || !Number.isFinite(value)) return `${rule.label} must be a number.`;
  if (rule.whole && !Number.isInteger(value)) return `${rule.label} must be a whole number.`;
  if (rule.above ? value <= rule.minimum : value < rule.minimum) {
    return `${rule.label} must be ${rule.above ? 'above' : 'at least'} ${rule.minimum}.`;
  }
  return value > rule.maximum ? `${rule.label} must be at most ${rule.maximum}.` : null;
}
