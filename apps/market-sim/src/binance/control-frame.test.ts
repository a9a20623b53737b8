import { describe, expect, it } from 'vitest';
import { parseControlFrame } from './control-frame.ts';

const errorOf = (text: string): unknown => {
  const parsed = parseControlFrame(text);
  return 'errorText' in parsed ? JSON.parse(parsed.errorText) : undefined;
};
const METHODS = 'SUBSCRIBE, UNSUBSCRIBE, LIST_SUBSCRIPTIONS, SET_PROPERTY, GET_PROPERTY';

describe('a control frame', () => {
  it.each([
    [
      '{"method":"SUBSCRIBE","params":["btcusdt@kline_1m"],"id":1}',
      { method: 'SUBSCRIBE', streams: ['btcusdt@kline_1m'], id: 1 },
    ],
    [
      '{"method":"UNSUBSCRIBE","params":["a@depth"],"id":"x1"}',
      { method: 'UNSUBSCRIBE', streams: ['a@depth'], id: 'x1' },
    ],
    ['{"method":"LIST_SUBSCRIPTIONS","id":3}', { method: 'LIST_SUBSCRIPTIONS', id: 3 }],
    [
      '{"method":"SET_PROPERTY","params":["combined",true],"id":5}',
      { method: 'SET_PROPERTY', combined: true, id: 5 },
    ],
    ['{"method":"GET_PROPERTY","params":["combined"]}', { method: 'GET_PROPERTY', id: null }],
  ])('%s is read', (text, request) => {
    expect(parseControlFrame(text)).toEqual({ request });
  });

  it.each([
    ['nonsense', { code: 3, msg: 'Invalid JSON: expected value at line 1 column 1' }],
    [
      '{"method":"FOO","id":1}',
      {
        code: 2,
        msg: `Invalid request: unknown variant FOO, expected one of ${METHODS} at line 1 column 15`,
      },
    ],
    ['{"id":1}', { code: 2, msg: 'Invalid request: missing field `method` at line 1 column 8' }],
    [
      '{"method":"LIST_SUBSCRIPTIONS","params":[1],"id":1}',
      { code: 2, msg: 'Invalid request: too many parameters' },
    ],
    [
      '{"method":"GET_PROPERTY","params":[1],"id":1}',
      { code: 2, msg: 'Invalid request: property name must be a string' },
    ],
    [
      '{"method":"SUBSCRIBE","params":["a@b"],"id":1.5}',
      { code: 2, msg: 'Invalid request: request ID must be an unsigned integer' },
    ],
    [
      '{"method":"SET_PROPERTY","params":["combined","yes"],"id":1}',
      { code: 1, msg: 'Invalid value type: expected Boolean' },
    ],
    ['{"method":"GET_PROPERTY","params":["color"],"id":9}', { code: 0, msg: 'Unknown property', id: 9 }],
  ])('%s is refused as the venue does', (text, error) => {
    expect(errorOf(text)).toEqual(error);
  });

  it('may be anything without harm', () => {
    for (const text of [
      '',
      'null',
      '[]',
      '1',
      '"x"',
      '{"method":{}}',
      '{"method":"SUBSCRIBE","params":{}}',
    ]) {
      expect(errorOf(text)).toMatchObject({ code: expect.any(Number), msg: expect.any(String) });
    }
  });
});
