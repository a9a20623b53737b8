import { type Static, Type } from 'typebox';
import { Signal } from '../signal.ts';

/** Newly stored signals, ascending by id. Stream `signals`: may not be lost. */
export const SignalMessage = Type.Object({ type: Type.Literal('signals'), signals: Type.Array(Signal) });
export type SignalMessage = Static<typeof SignalMessage>;
