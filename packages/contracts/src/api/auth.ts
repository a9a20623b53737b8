import { type Static, Type } from 'typebox';
import { Uuid } from '../scalars.ts';

export const UserRole = Type.Union([Type.Literal('user'), Type.Literal('admin')]);
export type UserRole = Static<typeof UserRole>;

export const User = Type.Object({ id: Uuid, email: Type.String(), role: UserRole });
export type User = Static<typeof User>;

export const Credentials = Type.Object(
  {
    email: Type.String({ minLength: 3, maxLength: 254, pattern: '^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$' }),
    password: Type.String({ minLength: 10, maxLength: 200 }),
  },
  { additionalProperties: false },
);
export type Credentials = Static<typeof Credentials>;

/** `expiresIn` in seconds. The refresh token travels only as an HttpOnly cookie. */
export const Session = Type.Object({
  success: Type.Literal(true),
  user: User,
  accessToken: Type.String(),
  expiresIn: Type.Integer(),
});
export type Session = Static<typeof Session>;

/** A single-use ticket for `/api/ws?ticket=`; valid 30 s. */
export const SocketTicket = Type.Object({
  success: Type.Literal(true),
  ticket: Type.String(),
  expiresIn: Type.Integer(),
});
export type SocketTicket = Static<typeof SocketTicket>;

export const MeAnswer = Type.Object({ success: Type.Literal(true), user: User });
export type MeAnswer = Static<typeof MeAnswer>;
