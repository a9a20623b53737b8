import { createLogGate, type LogGate } from './log-gate.ts';
import { formatLogLine } from './log-line.ts';

/** Where people read. */
export interface Terminal {
  /** A line of a process. */
  log(name: string, line: string): void;
  /** Text for the operator, as it is. */
  say(text: string): void;
}

export function createTerminal(options: {
  write(text: string): void;
  colour: boolean;
  names: readonly string[];
  now(): number;
}): Terminal {
  const width = Math.max(...options.names.map((name) => name.length));
  const gates = new Map<string, LogGate>();
  return {
    log(name, line) {
      let gate = gates.get(name);
      if (gate === undefined) {
        gate = createLogGate(options.now);
        gates.set(name, gate);
      }
      for (const admitted of gate.admit(line)) {
        options.write(`${formatLogLine(name, admitted, { colour: options.colour, width }, options.now())}\n`);
      }
    },
    say: (text) => options.write(text),
  };
}
