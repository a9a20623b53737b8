import { createKit, readConfig, type Service } from '@onefeed/service-kit';
import { createEventMonitor, type EventMonitor } from '@onefeed/testkit';
import { afterEach } from 'vitest';
import WebSocket from 'ws';
import { buildSimulator } from '../build.ts';
import { SimConfig } from '../config.ts';

export interface Happening {
  type: 'message' | 'close' | 'ping' | 'pong';
  /** The message as it came, and what it says when it is JSON. */
  text?: string;
  binary?: boolean;
  json?: Record<string, unknown>;
  /** Wall ms. */
  at?: number;
  code?: number;
  reason?: string;
}

export interface Client {
  socket: WebSocket;
  events: EventMonitor<Happening>;
  send(message: unknown): void;
  /** The next frame that has this field. */
  next(field: string): Promise<Record<string, unknown>>;
  closed(): Promise<Happening>;
}

const running: { service: Service; clients: Client[] }[] = [];
afterEach(async () => {
  for (const { service, clients } of running.splice(0)) {
    for (const { socket } of clients) socket.terminate();
    await service.stop();
  }
});

/** A whole simulator on a free port, with clients that tests wait on; it ends with the test. */
export async function startSimulator(env: Record<string, string> = {}) {
  const config = readConfig(SimConfig, { SIM_PORT: '0', INTERNAL_PORT: '0', SIM_CONTROL: 'enabled', ...env });
  const kit = createKit({ service: 'market-sim', logLevel: 'fatal' });
  const service = await buildSimulator(config, kit);
  await service.start();
  const port = Number(service.figures().port);
  const clients: Client[] = [];
  running.push({ service, clients });

  async function connect(path: string): Promise<Client> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
    const events = createEventMonitor<Happening>(path);
    socket.on('message', (data, binary) => events.push(messageOf(data.toString(), binary)));
    socket.on('ping', () => events.push({ type: 'ping' }));
    socket.on('pong', () => events.push({ type: 'pong' }));
    socket.on('close', (code, reason) => events.push({ type: 'close', code, reason: reason.toString() }));
    const client: Client = {
      socket,
      events,
      send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
      next: async (field) => {
        const { json } = await events.awaitNext(({ json }) => json !== undefined && field in json);
        return json ?? {};
      },
      closed: () => events.awaitNext(({ type }) => type === 'close'),
    };
    clients.push(client);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  const url = (path: string) => `http://127.0.0.1:${port}${path}`;
  const post = async (path: string, body: unknown) => {
    const answer = await fetch(url(path), {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: parse(await answer.text()) };
  };
  const get = async (path: string) => {
    const answer = await fetch(url(path));
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, body: parse(text) };
  };
  const metric = async (line: string) => {
    const found = (await kit.metrics.metrics()).split('\n').find((text) => text.startsWith(line));
    return Number(found?.split(' ').at(-1));
  };
  return { service, connect, post, get, metric, url };
}

const messageOf = (text: string, binary: boolean): Happening => {
  const value = parse(text);
  const json = typeof value === 'object' && value !== null ? { json: value as Record<string, unknown> } : {};
  return { type: 'message', text, binary, at: performance.now(), ...json };
};

function parse(text: string): never {
  try {
    return JSON.parse(text) as never;
  } catch {
    return undefined as never;
  }
}
