import { type Static, Type } from 'typebox';
import { TimeMs } from './scalars.ts';

/**
 * What a process last said of itself, kept in `service_status` and shown on /admin. `figures` are flat and
 * low in number; `ready` false carries the reasons that /readyz gives.
 */
export const ServiceStatus = Type.Object({
  service: Type.String(),
  instance: Type.String(),
  at: TimeMs,
  ready: Type.Boolean(),
  reasons: Type.Array(Type.String()),
  figures: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Boolean()])),
});
export type ServiceStatus = Static<typeof ServiceStatus>;
