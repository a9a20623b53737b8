import { expect, test } from 'vitest';
import { createEventMonitor } from './event-monitor.ts';

test('awaitNext finds events that came before and after it was asked, each once', async () => {
  const monitor = createEventMonitor<number>('numbers');
  monitor.push(1);
  monitor.push(2);
  expect(await monitor.awaitNext()).toBe(1);
  expect(await monitor.awaitNext()).toBe(2);
  const next = monitor.awaitNext((value) => value > 3);
  monitor.push(3);
  monitor.push(4);
  expect(await next).toBe(4);
  expect(monitor.all).toEqual([1, 2, 3, 4]);
});

test('waitUntil asks again after each event', async () => {
  const monitor = createEventMonitor<string>('words');
  const done = monitor.waitUntil(() => monitor.all.length === 2);
  monitor.push('a');
  monitor.push('b');
  await done;
});

test('a deadline fails with the name and the last events', async () => {
  const monitor = createEventMonitor<{ id: bigint }>('orders');
  monitor.push({ id: 7n });
  await expect(monitor.awaitNext((event) => event.id === 8n, 0)).rejects.toThrow(
    'orders: nothing that matches came within 0 ms (1 events; the last: {"id":"7n"})',
  );
});
