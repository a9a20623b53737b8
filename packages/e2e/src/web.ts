import { launchChromium } from '@onefeed/testkit';
import { expect } from 'vitest';
import { waitFor } from './platform.ts';

const MINUTE_MS = 60_000;

/** Registers on /bot, starts a quick bitcoin bot, waits until it has traded, then watches /admin move. */
export async function watchBotPage(baseUrl: string): Promise<void> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.goto(`${baseUrl}/bot`);
    await page.getByTestId('auth-mode').getByText('Create account').click();
    await page.getByTestId('auth-email').fill('carol@example.com');
    await page.getByTestId('auth-password').fill('a long enough password');
    await page.getByTestId('auth-submit').click();
    await page.getByTestId('strategy-select').selectOption('EMA_CROSS');
    await page.getByTestId('gain').fill('0.3');
    await page.getByTestId('time-limit').fill('300');
    await page.getByTestId('start-bot').click();
    await page.getByTestId('bot-row').waitFor();
    await page
      .getByTestId('trade-row')
      .first()
      .waitFor({ timeout: 3 * MINUTE_MS });
    expect(await page.getByTestId('event').count()).toBeGreaterThan(1);
    await page.getByTestId('chart').locator('canvas').first().waitFor();

    await page.goto(`${baseUrl}/admin`);
    const lastUpdated = page.getByTestId('last-updated');
    const signalsTotal = page.getByTestId('signals-total');
    const before = { updated: await lastUpdated.textContent(), signals: await signalsTotal.textContent() };
    await waitFor(
      '/admin to move',
      MINUTE_MS,
      async () =>
        (await lastUpdated.textContent()) !== before.updated &&
        (await signalsTotal.textContent()) !== before.signals,
    );
    await page.getByTestId('active-bots').waitFor();
    expect(problems).toEqual([]);
  } finally {
    await browser.close();
  }
}
