export { findFreePort } from '@onefeed/local-postgres';
export { buildBot } from './builders/bot.ts';
export { buildCandle, buildCandles } from './builders/candle.ts';
export { buildInstrument } from './builders/instrument.ts';
export { buildTokenCreated, buildTokenTraded } from './builders/token.ts';
export { type Browser, launchChromium, missingChromium } from './chromium.ts';
export { createEventMonitor, type EventMonitor } from './event-monitor.ts';
export { createFakeClock, type FakeClock } from './fake-clock.ts';
export { ADMIN_URL_KEY, createTestDatabase, TEMPLATE_DATABASE, type TestDatabase } from './test-database.ts';
