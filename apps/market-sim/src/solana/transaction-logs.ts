import type { ChainEvent } from '../pumpfun/chain-event.ts';
import { hash32 } from '../random.ts';
import { PUMP_PROGRAM } from './program-event.ts';

const SYSTEM = '11111111111111111111111111111111';
const BUDGET = 'ComputeBudget111111111111111111111111111111';
const FEES = 'pfeeUxB6jkeY1Hxd7CsFCAjcbHA9rWtchMGdZ6VojVZ';
const TOKEN = 'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb';
const ROUTERS = [
  'GMgnVFR8Jb39LoXsEVzb3DvBy3ywCmdmJquHUy1Lrkqb',
  'FLASHX8DrLbgeR8FcfNV1F5krxYcYMUdBkrP1EPBtxB9',
] as const;

/** One call of the program inside a transaction and the events it logs. */
export interface ProgramCall {
  instruction: 'CreateV2' | 'Buy' | 'Sell' | 'Migrate';
  data: readonly Buffer[];
}

const invoked = (program: string, depth: number, inner: readonly string[] = []): string[] => [
  `Program ${program} invoke [${depth}]`,
  ...inner,
  `Program ${program} success`,
];

/** The log lines of a successful transaction, in the form of the recorded ones. */
export function successLogs(signature: string, calls: readonly ProgramCall[]): string[] {
  const draw = hash32(signature, 'logs');
  const router = draw % 3 === 0 ? ROUTERS[draw % ROUTERS.length] : undefined;
  const depth = router ? 2 : 1;
  const inner = calls.flatMap((call) => programCall(call, depth));
  return [
    ...invoked(BUDGET, 1),
    ...invoked(BUDGET, 1),
    ...(router ? invoked(router, 1, inner) : inner),
    ...(draw % 2 === 0 ? invoked(SYSTEM, 1) : []),
  ];
}

function programCall({ instruction, data }: ProgramCall, depth: number): string[] {
  return [
    `Program ${PUMP_PROGRAM} invoke [${depth}]`,
    `Program log: Instruction: ${instruction}`,
    ...invoked(FEES, depth + 1, ['Program log: Instruction: GetFees']),
    ...invoked(TOKEN, depth + 1, ['Program log: Instruction: TransferChecked']),
    ...data.flatMap((event) => [
      `Program data: ${event.toString('base64')}`,
      // The program calls itself to leave the event in the transaction, too.
      `Program ${PUMP_PROGRAM} invoke [${depth + 1}]`,
      `Program ${PUMP_PROGRAM} consumed 2093 of 109094 compute units`,
      `Program ${PUMP_PROGRAM} success`,
    ]),
    `Program ${PUMP_PROGRAM} consumed 71497 of 149094 compute units`,
    `Program ${PUMP_PROGRAM} success`,
  ];
}

/** The calls behind the events of one token in one transaction. */
export function programCalls(
  events: readonly ChainEvent[],
  encode: (event: ChainEvent) => Buffer,
): ProgramCall[] {
  const calls: { instruction: ProgramCall['instruction']; data: Buffer[] }[] = [];
  for (const event of events) {
    const last = calls.at(-1);
    if (event.type === 'complete' && last) last.data.push(encode(event));
    else calls.push({ instruction: instructionOf(event), data: [encode(event)] });
  }
  return calls;
}

function instructionOf(event: ChainEvent): ProgramCall['instruction'] {
  if (event.type === 'trade') return event.side === 'buy' ? 'Buy' : 'Sell';
  return event.type === 'create' ? 'CreateV2' : 'Migrate';
}

/** Logs past 10 KB are cut: everything from the first event on is missing. */
export function truncatedLogs(logs: readonly string[]): string[] {
  const first = logs.findIndex((line) => line.startsWith('Program data: '));
  return [...logs.slice(0, Math.max(0, first)), 'Log truncated'];
}

/** A transaction that failed: what its events say never happened. */
export function failedLogs(signature: string, data: Buffer | undefined): { err: unknown; logs: string[] } {
  const draw = hash32(signature, 'failure');
  const code = data ? 6_002 : ([111, 3, 6_005, 1] as const)[draw % 4];
  const router = ROUTERS[draw % ROUTERS.length] ?? ROUTERS[0];
  const attempt = data ? programCall({ instruction: 'Buy', data: [data] }, 2) : ['Program log: !a'];
  return {
    err: { InstructionError: [3, { Custom: code }] },
    logs: [
      ...invoked(BUDGET, 1),
      ...invoked(BUDGET, 1),
      `Program ${router} invoke [1]`,
      ...attempt,
      `Program ${router} failed: custom program error: 0x${Number(code).toString(16)}`,
    ],
  };
}
