import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createFrameWriter } from './frame-writer.ts';
import { textFrame } from './text-frame.ts';

let server: WebSocketServer;
beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
});
afterAll(() => void server.close());

const connect = async (): Promise<{ client: WebSocket; served: WebSocket }> => {
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [[served]] = await Promise.all([once(server, 'connection'), once(client, 'open')]);
  return { client, served: served as WebSocket };
};

describe('frames written past the sender', () => {
  it('keep their order among its own frames, pings and the close, whatever their size', async () => {
    const { client, served } = await connect();
    const writer = createFrameWriter(served);
    const got: string[] = [];
    client.on('message', (data) => got.push(String(data)));
    let pings = 0;
    client.on('ping', () => {
      pings += 1;
    });
    const texts = Array.from({ length: 60 }, (_, index) => `${index} ${'ä'.repeat((index % 4) ** 8)}`);
    for (const [index, text] of texts.entries()) {
      if (index % 3 === 0) served.send(text);
      else writer.write(textFrame(text));
      if (index % 5 === 0) served.ping();
      if (index % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const closed = once(client, 'close');
    served.close(1012, 'restart');
    // Nothing may follow a close frame.
    writer.write(textFrame('too late'));
    expect((await closed)[0]).toBe(1012);
    expect(got).toEqual(texts);
    expect(pings).toBe(12);
  });

  it('are dropped when the connection breaks between two of them', async () => {
    const { client, served } = await connect();
    served.on('error', () => {});
    const writer = createFrameWriter(served);
    writer.write(textFrame('a'));
    served.terminate();
    writer.write(textFrame('b'));
    await once(client, 'close');
    writer.write(textFrame('c'));
    expect(writer.unsentBytes()).toBe(0);
  });

  it('count as unsent until the client reads', async () => {
    const { client, served } = await connect();
    client.pause();
    const writer = createFrameWriter(served);
    const frame = textFrame('x'.repeat(1_000_000));
    for (let count = 0; count < 64; count += 1) writer.write(frame);
    expect(writer.unsentBytes()).toBeGreaterThan(32_000_000);
    const closed = once(served, 'close');
    client.terminate();
    served.terminate();
    await closed;
  });
});
