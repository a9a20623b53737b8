import type { KillSwitch } from '@onefeed/contracts';
import type { ExitIntent } from '../bots/intent.ts';
import { type Amount, formatAmount } from '../money/amount.ts';
import { approve, refuse, type Verdict } from './approved.ts';

/** Exits pass unless everything is stopped; none may sell more than the position holds. */
export function judgeExit(
  intent: ExitIntent,
  facts: { readonly killSwitch: KillSwitch; readonly held: Amount },
): Verdict<ExitIntent> {
  if (facts.killSwitch.everything) return refuse('KILL_SWITCH');
  if (intent.quantity <= 0n || intent.quantity > facts.held) {
    return refuse('NO_POSITION', formatAmount(facts.held), formatAmount(intent.quantity));
  }
  return approve(intent);
}
