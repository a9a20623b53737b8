import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { OpenedChannel } from './channels.ts';
import { createEventSourceSession } from './event-source-session.ts';
import { createLiveStream } from './live-stream.ts';

class FakeResponse extends EventEmitter {
  writableLength = 0;
  text = '';
  ended = false;
  write(text: string): boolean {
    this.text += text;
    return true;
  }
  end(): void {
    this.ended = true;
  }
  destroy(): void {
    this.ended = true;
  }
}

const startWith = async (open: () => Promise<OpenedChannel>) => {
  const response = new FakeResponse();
  const failures: unknown[] = [];
  let left = 0;
  const session = createEventSourceSession({
    response: response as unknown as ServerResponse,
    caller: null,
    ip: '::1',
    channelNames: ['signals', 'tokens'],
    channels: { open },
    now: () => 0,
    onFailure: (error) => failures.push(error),
    onEnd: () => {
      left += 1;
    },
  });
  await session.start();
  return { response, failures, left: () => left };
};
const streamThat = (readSnapshot: () => Promise<unknown>): OpenedChannel => ({
  stream: createLiveStream({
    channel: 'signals',
    kind: 'event',
    epoch: 'e',
    readSnapshot,
    now: () => 0,
    onDelivered: () => {},
  }),
});

describe('an event stream', () => {
  it('ends when a channel cannot be read: the client comes back and is given all of it', async () => {
    const broken = streamThat(() => Promise.reject(new Error('the database is gone')));
    const { response, failures, left } = await startWith(async () => broken);
    expect([response.ended, left(), failures.length]).toEqual([true, 1, 1]);
    expect(response.text).toContain('event: restart');
    expect('stream' in broken && broken.stream.readers.size).toBe(0);
  });

  it('ends when a channel cannot be opened', async () => {
    const { response, left } = await startWith(() => Promise.reject(new Error('the database is gone')));
    expect([response.ended, left()]).toEqual([true, 1]);
  });

  it('stays when all is well', async () => {
    const { response, left } = await startWith(async () => streamThat(async () => 'state'));
    expect([response.ended, left()]).toEqual([false, 0]);
    expect(response.text).toContain('event: snapshot');
  });
});
