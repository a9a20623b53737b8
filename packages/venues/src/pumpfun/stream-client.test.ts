import { expect, test } from 'vitest';
import { createFakeVenue, createManualClock } from '../testing/fake-venue.ts';
import { CREATES_ACKNOWLEDGED, MIGRATIONS_ACKNOWLEDGED, TRADES_REFUSED } from './frames.ts';
import { createPumpStreamClient, MAX_WATCHED } from './stream-client.ts';

function setUp(apiKey: string | null) {
  const clock = createManualClock();
  const venue = createFakeVenue();
  const events: string[] = [];
  const notices: string[] = [];
  const dropped: string[] = [];
  const client = createPumpStreamClient(
    {
      url: 'ws://venue/api/data',
      apiKey,
      onEvent: (_, dedupeKey) => events.push(dedupeKey),
      onFrame: () => {},
      onBad: () => {},
      onPassedOver: () => {},
      onNotice: (kind) => notices.push(kind),
      onState: () => {},
      onDropped: (cause) => dropped.push(cause),
    },
    { openSocket: venue.openSocket, clock, random: () => 0 },
  );
  const say = (frame: object) => venue.socket().handlers.onText(JSON.stringify(frame));
  const goLive = () => {
    venue.socket().handlers.onOpen();
    say({ message: CREATES_ACKNOWLEDGED });
    say({ message: MIGRATIONS_ACKNOWLEDGED });
  };
  const sent = () => venue.socket().sent.map((text) => JSON.parse(text));
  return { clock, venue, client, events, notices, dropped, say, goLive, sent };
}

const migrate = { signature: 's1', mint: 'M1', txType: 'migrate', pool: 'pump-amm' };

test('without a key: creations and migrations, live when both are acknowledged, events between', () => {
  const { client, venue, say, sent, events } = setUp(null);
  client.watch(['M1']);
  client.start();
  venue.socket().handlers.onOpen();
  expect(venue.socket().url).toBe('ws://venue/api/data');
  expect(sent()).toEqual([{ method: 'subscribeNewToken' }, { method: 'subscribeMigration' }]);
  say({ message: MIGRATIONS_ACKNOWLEDGED });
  say(migrate);
  expect(client.state()).toBe('subscribing');
  say({ message: CREATES_ACKNOWLEDGED });
  expect(client.state()).toBe('live');
  expect(events).toEqual(['migrate:M1:s1']);
  expect(client.followsTrades()).toBe(false);
});

test('with a key: watched tokens are subscribed in batches and given up', () => {
  const { client, venue, goLive, sent, clock } = setUp('secret');
  client.start();
  goLive();
  expect(venue.socket().url).toBe('ws://venue/api/data?api-key=secret');
  const mints = Array.from({ length: 6_000 }, (_, at) => `M${at}`);
  client.watch(mints);
  clock.advance(250);
  expect(
    sent()
      .slice(2)
      .map(({ method, keys }) => [method, keys.length]),
  ).toEqual([
    ['subscribeTokenTrade', 5_000],
    ['subscribeTokenTrade', 1_000],
  ]);
  clock.advance(250);
  client.watch(mints.slice(1));
  expect(sent().at(-1)).toEqual({ method: 'unsubscribeTokenTrade', keys: ['M0'] });
});

test('the watched set is bounded, and what is held is in it whatever the bound', () => {
  const { client } = setUp('secret');
  const mints = (letter: string, count: number) => Array.from({ length: count }, (_, at) => `${letter}${at}`);
  client.watch(mints('H', 10), mints('M', MAX_WATCHED));
  expect(client.watched()).toBe(MAX_WATCHED);
  client.watch(mints('H', MAX_WATCHED + 5), mints('M', 5));
  expect(client.watched()).toBe(MAX_WATCHED + 5);
});

test('never more than 5,000 keys a message or 200 messages a second, however the set changes', () => {
  const { client, goLive, sent, clock, say } = setUp('secret');
  client.start();
  goLive();
  let before = sent().length;
  for (let round = 0; round < 100; round += 1) {
    const mints = Array.from({ length: 200 }, (_, at) => `R${(round * 150 + at) % 9_000}`);
    client.watch(mints);
    clock.advance(10);
    say({ message: 'Successfully subscribed to keys.' });
    if (round % 100 === 99) {
      expect(sent().length - before).toBeLessThanOrEqual(200);
      before = sent().length;
    }
  }
  for (const { keys } of sent().slice(2)) expect(keys.length).toBeLessThanOrEqual(5_000);
});

test('a subscription of trades that is not answered is made again', () => {
  const { client, goLive, sent, clock, say, notices } = setUp('secret');
  client.watch(['M1']);
  client.start();
  goLive();
  clock.advance(25_000);
  expect(notices).toEqual(['keysUnanswered']);
  expect(sent().filter(({ method }) => method === 'subscribeTokenTrade')).toHaveLength(2);
  say({ message: 'Successfully subscribed to keys.' });
  clock.advance(30_000);
  expect(notices).toHaveLength(1);
});

const bought = (at: number) => ({
  signature: `s${at}`,
  mint: 'M1',
  traderPublicKey: 'T',
  txType: 'buy',
  tokenAmount: 1,
  solAmount: 1,
});

test('trades that stop are asked for on a new connection, and not a second time when they stay away', () => {
  const { client, venue, goLive, clock, say, dropped } = setUp('secret');
  client.watch(['M1']);
  client.start();
  goLive();
  say({ message: 'Successfully subscribed to keys.' });
  const live = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 10_000) {
      clock.advance(10_000);
      venue.socket().handlers.onHeartbeat();
      say(migrate);
    }
  };
  for (let at = 0; at < 100; at += 1) {
    clock.advance(100);
    say(bought(at));
  }
  live(50_000);
  expect(dropped).toEqual([]);
  live(10_000);
  expect(dropped).toEqual(['silent']);
  venue.socket().close(1000);
  clock.advance(500);
  goLive();
  say({ message: 'Successfully subscribed to keys.' });
  live(1_200_000);
  expect(dropped).toEqual(['silent']);
});

test('a reconnect closes the old socket first and subscribes everything again', () => {
  const { client, venue, goLive, sent, clock } = setUp('secret');
  client.watch(['M1']);
  client.start();
  goLive();
  venue.socket().close(1006);
  clock.advance(500);
  goLive();
  expect(venue.sockets).toHaveLength(2);
  expect(sent()).toContainEqual({ method: 'subscribeTokenTrade', keys: ['M1'] });
});

test('refused trades are told, and asked for again only later', () => {
  const { client, say, goLive, sent, clock, notices } = setUp('secret');
  client.watch(['M1']);
  client.start();
  goLive();
  say({ message: `${TRADES_REFUSED} when connecting with an API key` });
  expect(notices).toEqual(['tradesRefused']);
  expect(client.followsTrades()).toBe(false);
  const before = sent().length;
  for (let round = 0; round < 4; round += 1) {
    clock.advance(10_000);
    say(migrate);
    client.watch(['M1', 'M2']);
  }
  expect(sent()).toHaveLength(before);
  for (let round = 0; round < 27; round += 1) {
    clock.advance(10_000);
    say(migrate);
  }
  client.watch(['M1', 'M2']);
  expect(sent().at(-1)).toEqual({ method: 'subscribeTokenTrade', keys: ['M1', 'M2'] });
});

test('errors frames and unknown messages are told and change nothing', () => {
  const { client, say, goLive, notices } = setUp(null);
  client.start();
  goLive();
  say({ errors: 'Invalid message.' });
  say({ message: 'Something new.' });
  say({ message: 'Unsubscribed.' });
  expect(notices).toEqual(['errors', 'message']);
  expect(client.state()).toBe('live');
});

test('pings every 25 s; unanswered ones end the connection', () => {
  const { client, venue, goLive, clock, dropped } = setUp(null);
  client.start();
  goLive();
  clock.advance(25_000);
  expect(venue.socket().pings).toBe(1);
  venue.socket().handlers.onHeartbeat();
  clock.advance(59_999);
  expect(dropped).toEqual([]);
  clock.advance(1);
  expect(dropped).toEqual(['silent']);
});

test('a venue that has forgotten us is connected anew', () => {
  const { client, venue, goLive, clock, dropped } = setUp(null);
  client.start();
  goLive();
  for (let passed = 0; passed < 180_000; passed += 30_000) {
    venue.socket().handlers.onHeartbeat();
    clock.advance(30_000);
  }
  expect(dropped).toEqual(['silent']);
});
