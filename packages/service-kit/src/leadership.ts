/** What a holder of a role is given. `epoch` rises with every new holder: writes are fenced with it. */
export interface Term {
  epoch: number;
  /** Aborted the moment the role may be lost: stop acting at once. */
  signal: AbortSignal;
}

/**
 * Competes for a role with a session advisory lock on its own connection. Losing the connection is losing the
 * role. A standby takes over within 10 s of the leader's death (I1).
 */
export interface Leadership {
  start(): Promise<void>;
  /** Gives the role back (after `lead` has ended) and stops competing. */
  stop(): Promise<void>;
  isLeader(): boolean;
}

export interface LeadershipOptions {
  databaseUrl: string;
  role: string;
  holder: string;
  /** Runs while the role is held; its `term.signal` aborts on loss. When it resolves or throws the role is given back. */
  lead(term: Term): Promise<void>;
  onError(error: unknown): void;
}
