import type { Reserves, TokenCreated, TokenEvent, TokenStatus } from '@onefeed/contracts';
import type { PoolClient } from 'pg';
import type { Pool } from '../pool.ts';
import { type Fence, withFence } from './fence.ts';

/** An event with the venue's identity of it: a frame seen twice has the same key and is stored once. */
export interface KeyedTokenEvent {
  dedupeKey: string;
  event: TokenEvent;
}

interface EventRow {
  seq: string;
  event: TokenEvent;
}

/** Virtual token reserves of a curve whose tokens are all sold (base units): 1,073,000,000 - 793,100,000 tokens. */
const SOLD_OUT_TOKEN_UNITS = 279_900_000_000_000n;

const STORE_EVENTS = `
  with given as (
    select * from unnest($1::text[], $2::text[], $3::int8[], $4::jsonb[]) with ordinality
      as t(dedupe_key, mint, at, event, place)
  ), news as (
    select given.* from given
    where not exists (select 1 from token_events as stored where stored.dedupe_key = given.dedupe_key)
  ), last as (
    select coalesce(max(seq), 0) as seq from token_events
  )
  insert into token_events (seq, mint, dedupe_key, at, event)
  select last.seq + row_number() over (order by place), mint, dedupe_key, at, event from news, last
  returning seq, dedupe_key`;

const CREATE_TOKENS = `
  insert into tokens (mint, name, symbol, uri, creator, created_at_ms, status, virtual_sol_lamports,
    virtual_token_units, untradeable_reason, last_seq)
  select mint, name, symbol, uri, creator, at, status, sol, tokens, reason, seq
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int8[], $7::text[], $8::numeric[],
    $9::numeric[], $10::text[], $11::int8[])
    as t(mint, name, symbol, uri, creator, at, status, sol, tokens, reason, seq)
  on conflict (mint) do nothing`;

/** Rows are locked in the order of their mint, as setScores does: two writers never wait for each other. */
const CHANGE_TOKENS = `
  with locked as (
    select mint from tokens where mint = any ($1::text[]) order by mint for update
  )
  update tokens set
    status = coalesce(given.status, tokens.status),
    virtual_sol_lamports = coalesce(given.sol, tokens.virtual_sol_lamports),
    virtual_token_units = coalesce(given.tokens, tokens.virtual_token_units),
    untradeable_reason = coalesce(given.untradeable, tokens.untradeable_reason),
    unconfirmed_reason = case when given.checked then given.unconfirmed else tokens.unconfirmed_reason end,
    last_seq = given.seq
  from unnest($1::text[], $2::text[], $3::numeric[], $4::numeric[], $5::int8[], $6::text[], $7::bool[], $8::text[])
    as given(mint, status, sol, tokens, seq, untradeable, checked, unconfirmed) join locked using (mint)
  where tokens.mint = given.mint`;

/** The log of what happened to pump.fun tokens, and the tokens' state that follows from it. */
export function createTokenEventsRepository(pool: Pool) {
  return {
    /**
     * Stores events and the state of their tokens in one transaction. Numbers them in the order given and
     * returns them with their seq; events whose key is stored already are left out. Throws FencedOutError
     * when the writer's term is over.
     */
    async store(fence: Fence, events: readonly KeyedTokenEvent[]): Promise<TokenEvent[]> {
      const given = new Map<string, TokenEvent>();
      for (const { dedupeKey, event } of events) if (!given.has(dedupeKey)) given.set(dedupeKey, event);
      if (given.size === 0) return [];
      return withFence(pool, fence, async (client) => {
        const keys = [...given.keys()];
        const values = [...given.values()];
        const result = await client.query<{ seq: string; dedupe_key: string }>(STORE_EVENTS, [
          keys,
          values.map((event) => event.mint),
          values.map((event) => event.at),
          values.map((event) => JSON.stringify(event)),
        ]);
        const stored: TokenEvent[] = [];
        for (const row of result.rows) {
          const event = given.get(row.dedupe_key);
          if (event) stored.push({ ...event, seq: Number(row.seq) });
        }
        stored.sort((a, b) => a.seq - b.seq);
        await applyToTokens(client, stored);
        return stored;
      });
    },

    /** Events after a cursor, ascending by seq. Only the recent ones are kept. */
    async readAfterSeq(seq: number | bigint, limit: number): Promise<TokenEvent[]> {
      const result = await pool.query<EventRow>(
        'select seq, event from token_events where seq > $1 order by seq limit $2',
        [String(seq), limit],
      );
      return result.rows.map(toEvent);
    },

    /** The kept events of one token, ascending, at most the newest `limit`. */
    async ofToken(mint: string, limit: number): Promise<TokenEvent[]> {
      const result = await pool.query<EventRow>(
        'select seq, event from token_events where mint = $1 order by seq desc limit $2',
        [mint, limit],
      );
      return result.rows.reverse().map(toEvent);
    },

    /** seq of the newest event ever stored; 0 when there is none. */
    async newestSeq(): Promise<number> {
      const result = await pool.query<{ seq: string }>(
        'select coalesce(max(seq), 0) as seq from token_events',
      );
      return Number(result.rows[0]?.seq ?? 0);
    },

    /**
     * Deletes at most `limit` events that arrived before `atMs`, oldest first; returns how many. The newest
     * event always stays: numbering goes on from it.
     */
    async prune(atMs: number, limit: number): Promise<number> {
      const result = await pool.query(
        `delete from token_events where seq in (
           select seq from token_events
           where at < $1 and seq < (select max(seq) from token_events) order by at limit $2)`,
        [atMs, limit],
      );
      return result.rowCount ?? 0;
    },
  };
}
export type TokenEventsRepository = ReturnType<typeof createTokenEventsRepository>;

interface TokenChange {
  status: TokenStatus | null;
  reserves: Reserves | null;
  untradeableReason: string | null;
  /** The last word on whether the state is confirmed; undefined: nothing was said. */
  unconfirmedReason: string | null | undefined;
  seq: number;
}

async function applyToTokens(client: PoolClient, events: readonly TokenEvent[]): Promise<void> {
  const created = events.filter((event) => event.kind === 'created');
  if (created.length > 0) await client.query(CREATE_TOKENS, createParameters(created));
  const changes = new Map<string, TokenChange>();
  for (const event of events) {
    if (event.kind === 'created') continue;
    const before = changes.get(event.mint);
    changes.set(event.mint, {
      status: statusAfter(event) ?? before?.status ?? null,
      reserves: reservesAfter(event) ?? before?.reserves ?? null,
      untradeableReason:
        (event.kind === 'checked' ? event.untradeableReason : null) ?? before?.untradeableReason ?? null,
      unconfirmedReason: event.kind === 'checked' ? event.unconfirmedReason : before?.unconfirmedReason,
      seq: event.seq,
    });
  }
  if (changes.size === 0) return;
  const values = [...changes.values()];
  await client.query(CHANGE_TOKENS, [
    [...changes.keys()],
    values.map((change) => change.status),
    values.map((change) => change.reserves?.virtualSolLamports ?? null),
    values.map((change) => change.reserves?.virtualTokenUnits ?? null),
    values.map((change) => change.seq),
    values.map((change) => change.untradeableReason),
    values.map((change) => change.unconfirmedReason !== undefined),
    values.map((change) => change.unconfirmedReason ?? null),
  ]);
}

function createParameters(created: readonly TokenCreated[]): unknown[] {
  // A mint is created once; should a venue say it twice in one batch, the first counts.
  const first = [...new Map([...created].reverse().map((event) => [event.mint, event])).values()];
  return [
    first.map((event) => event.mint),
    first.map((event) => event.name),
    first.map((event) => event.symbol),
    first.map((event) => event.uri),
    first.map((event) => event.creator),
    first.map((event) => event.at),
    first.map((event) => (soldOut(event.reserves) ? 'complete' : 'curve')),
    first.map((event) => event.reserves.virtualSolLamports),
    first.map((event) => event.reserves.virtualTokenUnits),
    first.map((event) => event.untradeableReason),
    first.map((event) => event.seq),
  ];
}

function reservesAfter(event: TokenEvent): Reserves | null {
  if (event.kind === 'traded') return event.reserves;
  return event.kind === 'checked' ? (event.state?.reserves ?? null) : null;
}

function statusAfter(event: TokenEvent): TokenStatus | null {
  if (event.kind === 'migrated') return 'migrated';
  if (event.kind === 'checked') return event.state?.status ?? null;
  if (event.kind !== 'traded') return null;
  if (event.pool === 'amm') return 'migrated';
  return event.reserves && soldOut(event.reserves) ? 'complete' : null;
}

function soldOut(reserves: Reserves): boolean {
  return BigInt(reserves.virtualTokenUnits) <= SOLD_OUT_TOKEN_UNITS;
}

function toEvent(row: EventRow): TokenEvent {
  return { ...row.event, seq: Number(row.seq) };
}
