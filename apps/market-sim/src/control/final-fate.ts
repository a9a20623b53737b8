import type { FinalFate } from '../binance/kline-feed.ts';
import { hash32 } from '../random.ts';
import { type Faults, isChosen } from './faults.ts';

/** What becomes of the final frame of each bar: a pure function of the seed and the bar. */
export function createFinalFate(faults: Faults, seed: () => number) {
  return (stream: string, openTime: number): FinalFate => {
    const draw = (what: string) => hash32(seed(), what, stream, openTime);
    if (isChosen(draw('drop'), faults.dropFinalOneIn)) return 'drop';
    if (isChosen(draw('late'), faults.lateFinalOneIn)) return { lateMs: faults.lateFinalMs };
    return isChosen(draw('duplicate'), faults.duplicateFinalOneIn) ? 'duplicate' : 'send';
  };
}
