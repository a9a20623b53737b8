import type { AuditRepository } from '@onefeed/db';
import type { FastifyBaseLogger } from 'fastify';

/** One entry. `detail` must hold no secret (I9). */
export interface AuditedAct {
  userId: string | null;
  action: string;
  subject?: string;
  detail?: unknown;
}

export interface Audit {
  /** Never fails the request it belongs to: the act has happened, and the log line remains. */
  record(act: AuditedAct): Promise<void>;
}

export function createAudit(deps: {
  audit: AuditRepository;
  log: Pick<FastifyBaseLogger, 'info' | 'error'>;
  newId: () => string;
}): Audit {
  return {
    record: async ({ userId, action, subject = null, detail = null }) => {
      deps.log.info({ userId, action, subject }, 'audited');
      try {
        await deps.audit.add({ id: deps.newId(), userId, action, subject, detail });
      } catch (error) {
        deps.log.error({ err: error, action }, 'an audit entry was not stored');
      }
    },
  };
}
