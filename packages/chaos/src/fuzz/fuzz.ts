import type { TokenEvent } from '@onefeed/contracts';
import { mapFrame, mapLogFrame, mapPumpFrame } from '@onefeed/venues';
import type { Random } from '../random.ts';
import { mutate } from './mutate.ts';
import { faultOfCandle } from './oracle-candle.ts';
import { faultOfEvent } from './oracle-token.ts';
import type { RecordedFrame } from './recorded-frames.ts';

const AT = 1_790_000_000_000;
const SHOWN = 20;

export interface FuzzReport {
  frames: number;
  /** How many frames of each source became what: `binance bad not_json`, `pumpportal traded`, ... */
  outcomes: Record<string, number>;
  /** Frames that were mapped wrongly or threw, with the frame. At most a few. */
  failures: string[];
  failed: number;
}

/** What a mapper made of a frame: outcomes for the count, and why it is wrong (null: it is right). */
interface Verdict {
  outcomes: string[];
  fault: string | null;
}

const bad = (reason: string): Verdict => ({
  outcomes: [`bad ${reason}`],
  fault: reason === '' ? 'bad without a reason' : null,
});

function judgeBinance(text: string): Verdict {
  const frame = mapFrame(text);
  if (frame.kind === 'bad') return bad(frame.reason);
  if (frame.kind === 'candle') return { outcomes: ['candle'], fault: faultOfCandle(text, frame) };
  return { outcomes: [frame.kind], fault: null };
}

function judgePumpPortal(text: string): Verdict {
  const frame = mapPumpFrame(text, AT);
  if (frame.kind === 'bad') return bad(frame.reason);
  if (frame.kind === 'dropped') return { outcomes: [`dropped ${frame.reason}`], fault: null };
  if (frame.kind === 'event') return judgeEvents([frame]);
  return { outcomes: [frame.kind], fault: null };
}

function judgeSolana(text: string): Verdict {
  const frame = mapLogFrame(text, AT);
  if (frame.kind === 'bad') return bad(frame.reason);
  if (frame.kind !== 'events') return { outcomes: [frame.kind], fault: null };
  const { outcomes, fault } = judgeEvents(frame.events);
  const others = frame.incomplete === null ? frame.passedOver : [...frame.passedOver, frame.incomplete];
  return { outcomes: [...outcomes, ...others.map((why) => `passed over ${why}`)], fault };
}

function judgeEvents(events: readonly { event: TokenEvent; dedupeKey: string }[]): Verdict {
  const faults = events.map(({ event, dedupeKey }) => faultOfEvent(event, dedupeKey, AT));
  return {
    outcomes: events.map(({ event }) => event.kind),
    fault: faults.find((fault) => fault !== null) ?? null,
  };
}

const JUDGES = { binance: judgeBinance, pumpportal: judgePumpPortal, solana: judgeSolana };

/**
 * Maps `count` mutations of recorded frames, and every frame once as it was. A mapper may call a frame bad (with a
 * reason) or map it; what it maps must be what the frame says and plausible. Untouched frames are never bad.
 */
export function fuzzMappers(frames: readonly RecordedFrame[], count: number, random: Random): FuzzReport {
  const report: FuzzReport = { frames: 0, outcomes: {}, failures: [], failed: 0 };
  // Few samples of one source against many of another: each source gets the same share.
  const sources = [...Map.groupBy(frames, ({ source }) => source).values()];

  function map({ source, text }: RecordedFrame, untouched: boolean): void {
    report.frames += 1;
    let verdict: Verdict;
    try {
      verdict = JUDGES[source](text);
    } catch (error) {
      verdict = { outcomes: ['thrown'], fault: `threw ${error}` };
    }
    for (const outcome of verdict.outcomes) {
      const key = `${source} ${outcome}`;
      report.outcomes[key] = (report.outcomes[key] ?? 0) + 1;
    }
    const refused = untouched && verdict.outcomes.some((outcome) => outcome.startsWith('bad'));
    const fault = refused ? 'a recorded frame was called bad' : verdict.fault;
    if (fault === null) return;
    report.failed += 1;
    if (report.failures.length < SHOWN) report.failures.push(`${source}: ${fault}: ${text.slice(0, 600)}`);
  }

  for (const frame of frames) map(frame, true);
  for (let index = 0; index < count; index += 1) {
    const ofSource = sources[index % sources.length] ?? [];
    const { source, text } = ofSource[random.between(0, ofSource.length - 1)] as RecordedFrame;
    map({ source, text: mutate(text, random) }, false);
  }
  return report;
}
