import { expect, test } from 'vitest';
import { readProgramLog } from './program-logs.ts';

const PUMP = '6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P';
const OTHER = 'BoomYLwca6TXDmMZ9cbtt6i1DDg9A8trzSW741PH25e';
const FEES = 'pfeeUxB6jkeY1Hxd7CsFCAjcbHA9rWtchMGdZ6VojVZ';

test('only what the program itself wrote counts, also when it calls, is called, or calls itself', () => {
  expect(
    readProgramLog(
      [
        `Program ${OTHER} invoke [1]`,
        'Program data: fake1',
        `Program ${PUMP} invoke [2]`,
        'Program data: own1',
        `Program ${FEES} invoke [3]`,
        'Program data: fake2',
        `Program ${FEES} consumed 100 of 200 compute units`,
        `Program return: ${FEES} AAAA`,
        `Program ${FEES} success`,
        `Program ${PUMP} invoke [3]`,
        'Program data: own2',
        `Program ${PUMP} success`,
        'Program data: own3',
        `Program ${PUMP} success`,
        'Program data: fake3',
        `Program ${OTHER} success`,
      ],
      PUMP,
    ),
  ).toEqual({ data: ['own1', 'own2', 'own3'], truncated: false, broken: false });
});

test('a text that looks like a call is none', () => {
  expect(
    readProgramLog(
      [
        `Program ${OTHER} invoke [1]`,
        `Program log: Program ${PUMP} invoke [2]`,
        `Program log: x\nProgram ${PUMP} invoke [2]`,
        'Program data: fake',
        `Program ${OTHER} success`,
      ],
      PUMP,
    ),
  ).toEqual({ data: [], truncated: false, broken: false });
});

test('a log that was cut says so and keeps what came before', () => {
  const lines = [`Program ${PUMP} invoke [1]`, 'Program data: own', 'Log truncated'];
  expect(readProgramLog(lines, PUMP)).toEqual({ data: ['own'], truncated: true, broken: false });
});

test.each([
  ['a call at the wrong depth', [`Program ${PUMP} invoke [2]`, 'Program data: x']],
  ['an end without a call', [`Program ${PUMP} success`, `Program ${PUMP} invoke [1]`, 'Program data: x']],
  ['an end of another call', [`Program ${PUMP} invoke [1]`, `Program ${OTHER} failed: x`, 'Program data: x']],
])('%s: nothing after it is believed', (_, lines) => {
  expect(readProgramLog(lines, PUMP)).toEqual({ data: [], truncated: false, broken: true });
});
