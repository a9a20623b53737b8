import { describe, expect, it } from 'vitest';
import { createServiceGroup, type ServicePart } from './service-group.ts';

function createParts(names: string[], failing: string[] = []) {
  const calls: string[] = [];
  const part = (name: string): ServicePart => ({
    start: async () => void calls.push(`start ${name}`),
    stop: async () => {
      calls.push(`stop ${name}`);
      if (failing.includes(name)) throw new Error(name);
    },
    readiness: () => [`${name} waits`],
    figures: () => ({ [name]: 1 }),
  });
  return { calls, parts: names.map(part) };
}

describe('service group', () => {
  it('starts in order, stops in reverse, once', async () => {
    const { calls, parts } = createParts(['a', 'b']);
    const group = createServiceGroup(parts);
    await group.start();
    await Promise.all([group.stop(), group.stop()]);
    expect(calls).toEqual(['start a', 'start b', 'stop b', 'stop a']);
    expect(group.readiness()).toEqual(['a waits', 'b waits']);
    expect(group.figures()).toEqual({ a: 1, b: 1 });
  });

  it('stops the others when one cannot be stopped, then says so', async () => {
    const { calls, parts } = createParts(['a', 'b', 'c'], ['b']);
    const group = createServiceGroup(parts);
    await group.start();
    await expect(group.stop()).rejects.toThrow('b');
    expect(calls.slice(3)).toEqual(['stop c', 'stop b', 'stop a']);
  });

  it('starts no further part once it is told to stop', async () => {
    const { calls, parts } = createParts(['a', 'b']);
    const { promise, resolve } = Promise.withResolvers<void>();
    const group = createServiceGroup([{ start: () => promise, stop: async () => {} }, ...parts]);
    const starting = group.start();
    const stopped = group.stop();
    resolve();
    await Promise.all([starting, stopped]);
    expect(calls).toEqual(['stop b', 'stop a']);
  });
});
