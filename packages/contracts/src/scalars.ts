import { Type } from 'typebox';

/** A decimal number as text: money and sizes never travel as floats. At most 30 digits before and 18 after the point. */
export const Decimal = Type.String({ pattern: '^-?\\d{1,30}(\\.\\d{1,18})?$' });

/** A decimal number above or equal to zero, as text. */
export const NonNegativeDecimal = Type.String({ pattern: '^\\d{1,30}(\\.\\d{1,18})?$' });

/** Milliseconds since the Unix epoch, UTC. */
export const TimeMs = Type.Integer({ minimum: 0 });

export const Uuid = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
});

/** A 64-bit row id as text, so that no reader loses digits. */
export const BigId = Type.String({ pattern: '^\\d{1,19}$' });
