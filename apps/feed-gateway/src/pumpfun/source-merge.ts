import type { TokenEvent } from '@onefeed/contracts';
import type { KeyedEvent } from '@onefeed/venues';

/** Where pump.fun's events come from. */
export type PumpSource = 'pumpportal' | 'solana';

/** Events whose later copies are recognised here; older ones still are by the table's unique keys. */
const MAX_REMEMBERED = 20_000;
/** Fields of an event that two sources may tell differently, each a label of a metric. */
const COMPARED = [
  'reserves',
  'untradeableReason',
  'creator',
  'name',
  'symbol',
  'initialTokenUnits',
  'pool',
] as const;
export type ComparedField = (typeof COMPARED)[number];

export interface SourceMergeDeps {
  onDuplicate(source: PumpSource): void;
  /** Two sources told a field of the same event differently. */
  onDifference(field: ComparedField): void;
}

/** One stream out of several sources: of each event the first copy counts. */
export interface SourceMerge {
  /** What is new in it: the event itself, or of a copy a reason not to buy that the first one lacked. */
  take(source: PumpSource, keyed: KeyedEvent): KeyedEvent[];
}

export function createSourceMerge(deps: SourceMergeDeps): SourceMerge {
  /** Oldest first. */
  const seen = new Map<string, { source: PumpSource; event: TokenEvent }>();

  function remember(key: string, source: PumpSource, event: TokenEvent): void {
    seen.set(key, { source, event });
    if (seen.size <= MAX_REMEMBERED) return;
    for (const oldest of seen.keys()) {
      seen.delete(oldest);
      return;
    }
  }

  return {
    take(source, keyed) {
      const { dedupeKey, event } = keyed;
      const first = seen.get(dedupeKey);
      if (first === undefined) {
        remember(dedupeKey, source, event);
        return [keyed];
      }
      deps.onDuplicate(source);
      if (first.source === source) return [];
      for (const field of COMPARED) {
        if (differs(field, fieldOf(first.event, field), fieldOf(event, field))) deps.onDifference(field);
      }
      return worseNews(first.event, event);
    },
  };
}

function fieldOf(event: TokenEvent, field: ComparedField): unknown {
  return field in event ? (event as unknown as Record<string, unknown>)[field] : undefined;
}

/** PumpPortal computes its SOL reserves from the tokens, without the curve's rounding: 0.001 SOL is no difference. */
const SOL_TOLERANCE_LAMPORTS = 1_000_000n;

function differs(field: ComparedField, first: unknown, second: unknown): boolean {
  if (field !== 'reserves') return first !== second;
  const [one, other] = [first, second] as ({
    virtualSolLamports: string;
    virtualTokenUnits: string;
  } | null)[];
  if (!one || !other) return false;
  const gap = BigInt(one.virtualSolLamports) - BigInt(other.virtualSolLamports);
  return (
    one.virtualTokenUnits !== other.virtualTokenUnits ||
    gap > SOL_TOLERANCE_LAMPORTS ||
    gap < -SOL_TOLERANCE_LAMPORTS
  );
}

/** A coin that one source took for an ordinary one and the other knows better: PumpPortal hides other quotes. */
function worseNews(first: TokenEvent, second: TokenEvent): KeyedEvent[] {
  if (first.kind !== 'created' || second.kind !== 'created') return [];
  if (first.untradeableReason !== null || second.untradeableReason === null) return [];
  const { mint, at, untradeableReason } = second;
  return [
    {
      dedupeKey: `untradeable:${mint}:${second.signature}`,
      event: { kind: 'checked', seq: 0, mint, at, unconfirmedReason: null, untradeableReason, state: null },
    },
  ];
}
