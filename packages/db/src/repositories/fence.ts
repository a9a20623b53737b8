import type { PoolClient } from 'pg';
import type { Pool } from '../pool.ts';

/** The role a single writer holds and the epoch of its term; raised by each new holder. */
export interface Fence {
  role: string;
  epoch: number;
}

/** The writer's term is over: another process holds the role. Stop writing; nothing of the call was stored. */
export class FencedOutError extends Error {
  override name = 'FencedOutError';

  constructor(fence: Fence) {
    super(`The term ${fence.epoch} of ${fence.role} is over; another process writes now.`);
  }
}

/**
 * Runs `work` in a transaction that can only commit while the fence's epoch is the role's newest. The epoch
 * row is share-locked, so a successor raises it either before (this fails) or after the commit, and then sees
 * all that was written. Throws FencedOutError in the first case.
 */
export async function withFence<Result>(
  pool: Pool,
  fence: Fence,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const held = await client.query('select 1 from leader_epochs where role = $1 and epoch = $2 for share', [
      fence.role,
      fence.epoch,
    ]);
    if (held.rowCount !== 1) throw new FencedOutError(fence);
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    // A rollback that fails means the connection is gone: it must not return to the pool.
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
