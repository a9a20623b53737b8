/** What one transaction's log says of a program. */
export interface ProgramLog {
  /** base64 after `Program data: ` of lines that the program itself wrote, in their order. */
  data: string[];
  /** The validator cut the log: later lines, also of this program, are missing. */
  truncated: boolean;
  /** The lines do not nest as calls do: which program wrote what cannot be told from there on. */
  broken: boolean;
}

const INVOKE = /^Program ([1-9A-HJ-NP-Za-km-z]{32,44}) invoke \[(\d{1,3})\]$/;
const END = /^Program ([1-9A-HJ-NP-Za-km-z]{32,44}) (?:success$|failed: )/;
const DATA = 'Program data: ';
const TRUNCATED = 'Log truncated';

/**
 * Reads the lines that `program` wrote. Any program may log the same bytes, so a line counts only while `program`
 * is the one running: the innermost call.
 */
export function readProgramLog(lines: readonly string[], program: string): ProgramLog {
  const log: ProgramLog = { data: [], truncated: false, broken: false };
  const calls: string[] = [];
  for (const line of lines) {
    if (line.startsWith(DATA)) {
      if (calls.at(-1) === program) log.data.push(line.slice(DATA.length));
      continue;
    }
    // Programs write whatever they like after "Program log: ", line breaks included: such a line is never a call.
    if (line === TRUNCATED) {
      log.truncated = true;
      return log;
    }
    const invoked = INVOKE.exec(line);
    if (invoked !== null) {
      calls.push(invoked[1] ?? '');
      if (calls.length !== Number(invoked[2])) return { ...log, broken: true };
      continue;
    }
    const ended = END.exec(line);
    if (ended !== null && calls.pop() !== ended[1]) return { ...log, broken: true };
  }
  return log;
}
