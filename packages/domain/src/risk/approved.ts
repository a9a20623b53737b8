import type { RefusalCode } from '@onefeed/contracts';
import type { Intent } from '../bots/intent.ts';

declare const approval: unique symbol;
/** An intent that risk let pass. Only this folder makes one; execution accepts nothing else. */
export type Approved<Kind extends Intent> = Kind & { readonly [approval]: true };

/** Why an intent was not let pass: the limit it met and the value that met it, as text for its owner. */
export interface Refused {
  readonly code: RefusalCode;
  readonly limit: string | null;
  readonly value: string | null;
}

export type Verdict<Kind extends Intent> =
  | { readonly approved: true; readonly intent: Approved<Kind> }
  | { readonly approved: false; readonly refused: Refused };

export const approve = <Kind extends Intent>(intent: Kind): Verdict<Kind> => ({
  approved: true,
  intent: intent as Approved<Kind>,
});

export const refuse = (code: RefusalCode, limit: string | null = null, value: string | null = null) =>
  ({ approved: false, refused: { code, limit, value } }) as const;
