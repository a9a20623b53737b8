import type pg from 'pg';

/**
 * What must hold in the tables whatever was killed in between (I3, I4, I7). Each query returns the rows that
 * break a law; money is compared in Postgres, exactly. Binance takes the fee of a buy in the base asset; every
 * other fee is in the quote asset.
 */
const LAWS: Record<string, string> = {
  'a bot answers a signal with at most one order': `
    select bot_id, cause, count(*) from orders where cause like 'signal:%' group by 1, 2 having count(*) > 1`,
  'an exit leg of a position is sold at most once': `
    select position_id, cause, count(*) from orders where side = 'sell' group by 1, 2 having count(*) > 1`,
  'every filled order has exactly one fill of its size': `
    select o.id from orders o left join fills f on f.order_id = o.id where o.status = 'filled'
    group by o.id having count(f.id) <> 1 or sum(f.quantity) <> o.quantity or sum(f.fee) <> o.fee`,
  'every paper order is filled or rejected': `select id from orders where mode = 'paper' and status = 'pending'`,
  'quantity bought = held + sold + commission + written off': `
    with moved as (
      select position_id,
             sum(case when side = 'buy' then quantity else -quantity end)
           - sum(case when side = 'buy' and venue = 'binance' then fee else 0 end) as remaining
      from orders where status = 'filled' group by 1)
    select m.position_id, m.remaining, p.quantity, t.dust from moved m
    left join open_positions p on p.id = m.position_id left join completed_trades t on t.id = m.position_id
    where m.remaining <> coalesce(p.quantity, t.dust, -1)`,
  'a position is open or completed, not both': `
    select id from open_positions intersect select id from completed_trades`,
  'cash = money put in - bought + sold - fees': `
    select b.id, b.cash, b.initial_cash, m.moved from bots b join (
      select bot_id, sum(case when side = 'buy' then -quote_amount else quote_amount end)
                   - sum(case when side = 'buy' and venue = 'binance' then 0 else fee end) as moved
      from orders where status = 'filled' group by 1) m on m.bot_id = b.id
    where b.cash <> b.initial_cash + m.moved`,
  'profit of a trade = proceeds - cost': `select id from completed_trades where profit <> proceeds - cost`,
  'a signal is stored once': `
    select venue, instrument, rule_key, kind, event_id, count(*) from signals group by 1, 2, 3, 4, 5 having count(*) > 1`,
  'events of a shard are numbered without gaps': `
    select shard, min(seq), max(seq), count(*) from bot_events group by 1 having max(seq) - min(seq) + 1 <> count(*)`,
};

/** The broken laws with the first rows that break them; empty when all is well. */
export async function brokenLaws(database: pg.Pool): Promise<string[]> {
  const broken: string[] = [];
  for (const [law, query] of Object.entries(LAWS)) {
    const { rows } = await database.query(query);
    if (rows.length > 0) broken.push(`${law}: ${JSON.stringify(rows.slice(0, 3))} (${rows.length} rows)`);
  }
  return broken;
}

/**
 * Entry signals that a running bot should have answered by now (given after its start, up to the signal
 * `upToId`) and that left neither an order nor a recorded refusal: lost ones.
 */
export async function unansweredSignals(database: pg.Pool, upToId: string): Promise<unknown[]> {
  const { rows } = await database.query(
    `select s.id, b.id as bot_id, s.venue from signals s
     join bots b on b.rule_key = s.rule_key and b.venue = s.venue
      and (s.venue = 'pumpfun' or s.instrument = any(b.instruments))
     where s.kind = 'entry' and b.state = 'running' and s.id <= $1
       and s.created_at > b.created_at + interval '2 seconds'
       and not exists (select from orders o where o.bot_id = b.id and o.cause = 'signal:' || s.id)
       and not exists (select from bot_events e where e.bot_id = b.id
                        and e.happening->>'type' = 'entryRefused' and e.happening->>'signalId' = s.id::text)
     limit 20`,
    [upToId],
  );
  return rows;
}
