import { createEventMonitor, createTcpProxy, createTestDatabase, type TestDatabase } from '@onefeed/testkit';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLeadership, type Leadership, type Term } from './leadership.ts';

type Happening = { type: 'leads' | 'ended'; holder: string; term: Term };

describe('leadership', () => {
  let database: TestDatabase;
  let admin: pg.Pool;
  let contenders: Leadership[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    admin = new pg.Pool({ connectionString: database.url, max: 1 });
  });
  afterEach(async () => {
    await Promise.all(contenders.map((contender) => contender.stop()));
    contenders = [];
  });
  afterAll(async () => {
    await admin.end();
    await database.drop();
  });

  /** Leads until told to end; tells when. */
  function createContender(
    holder: string,
    role: string,
    seen: ReturnType<typeof createEventMonitor<Happening>>,
    url = database.url,
  ) {
    const contender = createLeadership({
      databaseUrl: url,
      role,
      holder,
      async lead(term) {
        seen.push({ type: 'leads', holder, term });
        await new Promise<void>((resolve) => {
          if (term.signal.aborted) resolve();
          term.signal.addEventListener('abort', () => resolve());
        });
        seen.push({ type: 'ended', holder, term });
      },
      onError: () => {},
      random: () => 0,
    });
    contenders.push(contender);
    return contender;
  }

  const terminate = (role: string) =>
    admin.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [
      `onefeed leader ${role}`,
    ]);

  it('has one leader, and another after it left, with a higher epoch', async () => {
    const seen = createEventMonitor<Happening>('happenings');
    const [first, second] = [
      createContender('first', 'orderly', seen),
      createContender('second', 'orderly', seen),
    ];
    await first.start();
    const { term } = await seen.awaitNext();
    expect(first.isLeader()).toBe(true);
    await second.start();
    const stopped = first.stop();
    expect(first.isLeader()).toBe(false);
    expect(term.signal.aborted).toBe(true);
    await stopped;
    const next = await seen.awaitNext((event) => event.type === 'leads');
    expect([next.holder, next.term.epoch]).toEqual(['second', term.epoch + 1]);
    expect(seen.all.map(({ type, holder }) => `${holder} ${type}`)).toEqual([
      'first leads',
      'first ended',
      'second leads',
    ]);
    const { rows } = await admin.query('select epoch, holder from leader_epochs where role = $1', [
      'orderly',
    ]);
    expect(rows).toEqual([{ epoch: '2', holder: 'second' }]);
  });

  it('ends the term at once when the connection is lost, and competes again', async () => {
    const seen = createEventMonitor<Happening>('happenings');
    await createContender('only', 'cut', seen).start();
    const { term } = await seen.awaitNext();
    await terminate('cut');
    await seen.awaitNext((event) => event.type === 'ended');
    expect(term.signal.aborted).toBe(true);
    const again = await seen.awaitNext((event) => event.type === 'leads');
    expect(again.term.epoch).toBe(term.epoch + 1);
  });

  it('replaces a leader that is frozen within 10 s, and the frozen one learns of it', async () => {
    const seen = createEventMonitor<Happening>('happenings');
    const proxy = await createTcpProxy(database.url);
    const frozen = createContender('frozen', 'freeze', seen, proxy.url);
    await frozen.start();
    const { term } = await seen.awaitNext();
    await createContender('standby', 'freeze', seen).start();
    // Bytes stop, the server's side of the socket stays open: as when the process or its machine stands still.
    proxy.freeze();
    const next = await seen.awaitNext(
      (event) => event.type === 'leads' && event.holder === 'standby',
      10_000,
    );
    expect(next.term.epoch).toBe(term.epoch + 1);
    await seen.waitUntil(() => term.signal.aborted);
    expect(frozen.isLeader()).toBe(false);
    await frozen.stop();
    await proxy.close();
  });

  it('keeps the role through many heartbeats although the session asks nothing else', async () => {
    const seen = createEventMonitor<Happening>('happenings');
    await createContender('only', 'quiet', seen).start();
    const { term } = await seen.awaitNext();
    const beats = async () => {
      const { rows } = await admin.query(
        `select query_start > backend_start + interval '6 seconds' as late from pg_stat_activity where application_name = $1`,
        ['onefeed leader quiet'],
      );
      return rows[0]?.late === true;
    };
    await seen.waitUntil(beats, 15_000);
    expect(term.signal.aborted).toBe(false);
    expect(seen.all).toHaveLength(1);
  });

  it('gives the role back when lead ends or fails, and tells the failure', async () => {
    const terms = createEventMonitor<Term>('terms');
    const errors: unknown[] = [];
    const leadership = createLeadership({
      databaseUrl: database.url,
      role: 'failing',
      holder: 'x',
      async lead(term) {
        terms.push(term);
        throw new Error('upstream');
      },
      onError: (error) => errors.push(error),
      random: () => 0,
    });
    contenders.push(leadership);
    await leadership.start();
    const first = await terms.awaitNext();
    const second = await terms.awaitNext();
    expect(second.epoch).toBe(first.epoch + 1);
    expect(errors[0]).toEqual(new Error('upstream'));
  });

  it('waits for a database that is down, and can be stopped meanwhile', async () => {
    const seen = createEventMonitor<Happening>('happenings');
    const proxy = await createTcpProxy(database.url);
    proxy.refuse();
    const early = createContender('early', 'down', seen, proxy.url);
    const patient = createContender('patient', 'down', seen, proxy.url);
    await Promise.all([early.start(), patient.start()]);
    await seen.waitUntil(() => proxy.connections() >= 3);
    await early.stop();
    proxy.pass();
    expect((await seen.awaitNext()).holder).toBe('patient');
    await patient.stop();
    await proxy.close();
  });
});
