/** The start cannot be made as asked; the message is one clear line, printed without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exitCode: number;

  /** `exitCode` 2: the command or configuration is wrong; 1: the machine is in the way (a port, a folder). */
  constructor(message: string, exitCode = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}
