import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Browser, launchChromium, missingChromium } from '@onefeed/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type StubApi, type StubOptions, startStubApi } from './stub-api.ts';
import { ADMIN, BOT, bars, NOW, order, POSITION, trade, USER } from './stub-data.ts';

const WEB = fileURLToPath(new URL('..', import.meta.url));
const PASSWORD = 'a long enough password';
/** A bound, not an expectation: the machine may be busy. */
const PATIENCE = { timeout: 15_000 };

describe.skipIf(missingChromium())('the built pages', () => {
  let browser: Browser;
  const open: { close(): Promise<unknown> }[] = [];

  beforeAll(async () => {
    execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build'], { cwd: WEB, stdio: 'pipe' });
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    for (const thing of open.splice(0).reverse()) await thing.close();
  });

  async function visit(path: string, options: StubOptions & { width?: number } = {}) {
    const api = await startStubApi(options);
    const context = await browser.newContext({ viewport: { width: options.width ?? 1280, height: 900 } });
    open.push(api, context);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // Refused requests are a part of these tests; broken policies and warnings of the libraries are not.
      if (/Content Security Policy|Warning:|unique "key"/.test(message.text()))
        complaints.push(message.text());
    });
    await page.goto(`${api.url}${path}`);
    return { api, page, complaints };
  }
  type Page = Awaited<ReturnType<typeof visit>>['page'];

  async function logIn(page: Page, email: string) {
    await page.getByTestId('auth-email').waitFor();
    const mode = page.getByTestId('auth-mode');
    if ((await mode.count()) > 0) await mode.getByText('Log in').click();
    await page.getByTestId('auth-email').fill(email);
    await page.getByTestId('auth-password').fill(PASSWORD);
    await page.getByTestId('auth-submit').click();
  }

  const channelRead = async (api: StubApi, channel: string) =>
    expect.poll(() => api.channels(), PATIENCE).toContain(channel);

  const textOf = (page: Page, testId: string) =>
    expect.poll(() => page.getByTestId(testId).first().textContent());

  test('a visitor is told what is wrong with the form, then registers', async () => {
    const { api, page, complaints } = await visit('/bot', { bots: false });
    await page.getByTestId('auth-email').fill('nobody');
    await page.getByTestId('auth-submit').click();
    await page.getByText('Enter an e-mail address.').waitFor();
    await page.getByText('A password has at least 10 characters.').waitFor();
    expect(api.requests.filter((request) => request.path.startsWith('/api/auth'))).toEqual([]);
    await page.getByTestId('auth-email').fill(USER.email);
    await page.getByTestId('auth-password').fill(PASSWORD);
    await page.getByTestId('auth-submit').click();
    await textOf(page, 'session-email').toBe(USER.email);
    await page.getByTestId('bot-form').waitFor();
    expect(complaints).toEqual([]);
  });

  test('a wrong password is told in the words of the api', async () => {
    const { page } = await visit('/bot');
    await page.getByTestId('auth-mode').getByText('Log in').click();
    await page.getByTestId('auth-email').fill(USER.email);
    await page.getByTestId('auth-password').fill('wrong-password');
    await page.getByTestId('auth-submit').click();
    await textOf(page, 'error-note').toBe('E-mail or password is wrong.');
  });

  test('a bot is configured, checked and started', async () => {
    const { api, page, complaints } = await visit('/bot', { bots: false });
    await logIn(page, USER.email);
    await page.getByTestId('strategy-select').selectOption('EMA_CROSS');
    await textOf(page, 'strategy-source').toContain('crossover');
    await page.getByTestId('risk-level').getByText('Low').click();
    await page.getByTestId('stake').fill('nothing');
    await page.getByTestId('start-bot').click();
    await textOf(page, 'form-problem').toBe('Stake must be a number.');
    await page.getByTestId('stake').fill('7.5');
    await page.getByTestId('instrument-ETHUSDT').check({ force: true });
    await page.getByTestId('start-bot').click();
    await textOf(page, 'bot-state').toBe('Running');
    expect(api.requests.find(({ method, path }) => method === 'POST' && path === '/api/bots')?.body).toEqual({
      name: 'EMA_CROSS BTCUSDT +1',
      venue: 'binance',
      instruments: ['BTCUSDT', 'ETHUSDT'],
      strategyId: 'EMA_CROSS',
      mode: 'paper',
      stake: { type: 'percent', percent: 7.5 },
      exitPlan: { takeProfit: { type: 'FIXED', gainPercent: 2 }, stopLossPercent: 2 },
      risk: { maxOpenPositions: 5, cooldownSeconds: 300, dailyLossLimit: '200' },
    });
    expect(complaints).toEqual([]);
  });

  test("one's own strategy is checked while it is typed, with line, column and hint", async () => {
    const { api, page } = await visit('/bot', { bots: false });
    await logIn(page, USER.email);
    await page.getByTestId('strategy-select').selectOption({ label: 'Write my own…' });
    await page.getByTestId('strategy-text').fill('timeframe 5m\nentry emma(close, 9) > 3');
    await textOf(page, 'strategy-problem').toMatch(/line 2, column 7.*emma.*Did you mean `ema`/s);
    await page.getByTestId('start-bot').click();
    await textOf(page, 'form-problem').toBe('The strategy does not compile yet.');
    expect(api.requests.some(({ method, path }) => method === 'POST' && path === '/api/bots')).toBe(false);
    await page.getByTestId('strategy-text').fill('token\nentry ai_score > 0.9');
    await textOf(page, 'strategy-check').toContain('Compiles: trades new tokens');
  });

  test('money, positions, trades and the feed move with the socket', async () => {
    const { api, page, complaints } = await visit('/bot');
    await logIn(page, USER.email);
    await channelRead(api, 'prices:binance');
    await textOf(page, 'bot-profit').toBe('+2.14');
    api.send('prices:binance', { at: NOW, prices: [{ instrument: 'BTCUSDT', price: '64000', at: NOW }] });
    await textOf(page, 'position-profit').toBe('+6.88 (+1.38%)');
    await textOf(page, 'market-price').toBe('64,000.00');

    const event = (seq: number, happening: object) =>
      api.send('bots', {
        events: [{ shard: 1, seq, userId: USER.id, botId: BOT.id, at: NOW + seq, happening }],
      });
    event(1, {
      type: 'orderFilled',
      order: { ...order('sell', 50, '64000'), createdAt: NOW + 1 },
      cash: '9900',
    });
    await textOf(page, 'event').toContain('Sold BTCUSDT');
    event(2, {
      type: 'tradeCompleted',
      trade: { ...trade(50, '6.88'), id: POSITION.id, closedAt: NOW + 2 },
      cash: '10006.88',
    });
    await textOf(page, 'bot-cash').toBe('10,006.88');
    await textOf(page, 'trade-profit').toBe('+6.88 (+1.38%)');
    await expect.poll(() => page.getByTestId('position-row').count(), PATIENCE).toBe(0);
    event(3, { type: 'entryRefused', signalId: '8', code: 'COOLDOWN', limit: '60', value: '12' });
    await textOf(page, 'event').toContain('cooling down');
    expect(complaints).toEqual([]);
  });

  test('the chart shows the snapshot, follows the stream and changes its timeframe', async () => {
    const { api, page } = await visit('/bot');
    await logIn(page, USER.email);
    await channelRead(api, 'candles:binance:BTCUSDT:1m');
    const shown = () => page.getByTestId('chart').getAttribute('data-bars');
    await expect.poll(shown, PATIENCE).toBe('180');
    const last = bars(180).at(-1);
    api.send('candles:binance:BTCUSDT:1m', { candle: { ...last, openTime: NOW + 60_000 } });
    await expect.poll(shown, PATIENCE).toBe('181');
    await page.getByTestId('timeframe').getByText('15m', { exact: true }).click();
    await channelRead(api, 'candles:binance:BTCUSDT:15m');
    await expect.poll(() => api.channels(), PATIENCE).not.toContain('candles:binance:BTCUSDT:1m');
    await expect.poll(shown, PATIENCE).toBe('180');
  });

  test('a reload keeps the session, a dropped socket comes back, a logout ends both', async () => {
    const { api, page } = await visit('/bot');
    await logIn(page, USER.email);
    await textOf(page, 'live-state').toBe('Live');
    await page.reload();
    await textOf(page, 'session-email').toBe(USER.email);
    await channelRead(api, 'bots');
    api.dropSockets();
    await expect.poll(() => api.channels(), PATIENCE).toEqual([]);
    await channelRead(api, 'bots');
    await textOf(page, 'live-state').toBe('Live');
    api.send('prices:binance', { at: NOW, prices: [{ instrument: 'BTCUSDT', price: '65000', at: NOW }] });
    await textOf(page, 'market-price').toBe('65,000.00');
    await page.getByTestId('logout').click();
    await page.getByTestId('register-form').waitFor();
    await expect.poll(() => api.channels(), PATIENCE).toEqual([]);
    await page.reload();
    await page.getByTestId('register-form').waitFor();
  });

  test('a pump.fun bot shows tokens with score, value and curve, and they move', async () => {
    const { api, page } = await visit('/bot');
    await logIn(page, USER.email);
    await page.getByTestId('bot-row').getByText('Token hunter').click();
    await channelRead(api, 'tokens');
    await textOf(page, 'tokens').toContain('Moon Hamster');
    const mint = 'Mint0099PumpTokenAddress1111111111111pump';
    api.send('tokens', {
      events: [
        {
          kind: 'created',
          seq: 1,
          mint,
          at: NOW,
          signature: 's',
          creator: 'c',
          name: 'Fresh Fox',
          symbol: 'FOX',
          uri: 'u',
          initialTokenUnits: '0',
          initialSolLamports: '0',
          reserves: { virtualSolLamports: '30000000000', virtualTokenUnits: '1073000000000000' },
          untradeableReason: null,
        },
      ],
    });
    await textOf(page, 'token-row').toContain('Fresh Fox');
  });

  test('the dashboard moves by itself and shows more to an operator', async () => {
    const { page, complaints } = await visit('/admin');
    await textOf(page, 'platform-status').toBe('running');
    const figures = async () =>
      Promise.all(
        ['active-bots', 'last-updated', 'signals-total'].map((id) => page.getByTestId(id).textContent()),
      );
    const [bots, updated, signals] = await figures();
    for (const [id, before] of [
      ['active-bots', bots],
      ['last-updated', updated],
      ['signals-total', signals],
    ] as const) {
      await expect.poll(() => page.getByTestId(id).textContent(), PATIENCE).not.toBe(before);
    }
    await logIn(page, ADMIN.email);
    await expect.poll(() => page.getByTestId('admin-bot-row').count(), PATIENCE).toBe(12);
    const states = await page
      .getByTestId('service')
      .evaluateAll((items) => items.map((item) => item.getAttribute('data-state')));
    expect(states.filter((state) => state === 'degraded')).toHaveLength(1);
    await page.getByText('waiting for shard 3 to be released').waitFor();
    expect(complaints).toEqual([]);
  });

  test('the shared streams are listed with what they save', async () => {
    const { page } = await visit('/admin/ws-stats');
    await textOf(page, 'stream-summary').toMatch(/80\.0% reduction in connections.*24 connections saved/);
    await expect.poll(() => page.getByTestId('stream-row').count(), PATIENCE).toBe(6);
  });

  test.each(['/', '/bot', '/admin', '/admin/ws-stats', '/nowhere'])(
    '%s fits a narrow phone without scrolling sideways',
    async (path) => {
      const { page } = await visit(path, { width: 380 });
      await page.locator('h1, main, form').first().waitFor();
      const excess = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(excess).toBe(0);
    },
  );
});
