/**
 * Every error code an answer can carry, its HTTP status and what the reader should do. Messages name no
 * internals; `details` may name the offending field.
 */
export const ERROR_CATALOGUE = {
  INVALID_REQUEST: { status: 400, message: 'The request is not of the expected form; see details.' },
  INVALID_STRATEGY: {
    status: 400,
    message: 'The strategy does not compile; see details for line and column.',
  },
  UNKNOWN_STRATEGY: { status: 400, message: 'No strategy of that name or id; GET /api/catalog lists them.' },
  UNKNOWN_INSTRUMENT: {
    status: 400,
    message: 'The venue has no such instrument; GET /api/catalog lists them.',
  },
  INVALID_EXIT_PLAN: { status: 400, message: 'The exit plan does not fit the venue or itself; see details.' },
  LIVE_TRADING_DISABLED: {
    status: 400,
    message: 'Live trading is not enabled on this platform; use mode "paper".',
  },
  UNAUTHENTICATED: { status: 401, message: 'Log in first: send Authorization: Bearer <accessToken>.' },
  TOKEN_EXPIRED: {
    status: 401,
    message: 'The access token has expired; POST /api/auth/refresh gives a new one.',
  },
  INVALID_CREDENTIALS: { status: 401, message: 'E-mail or password is wrong.' },
  FORBIDDEN: { status: 403, message: 'Your account may not do this.' },
  ORIGIN_REFUSED: { status: 403, message: 'Pages of this origin may not do this here.' },
  NOT_FOUND: { status: 404, message: 'There is nothing here for you.' },
  EMAIL_TAKEN: { status: 409, message: 'An account with this e-mail exists; log in instead.' },
  BOT_RUNNING: { status: 409, message: 'The bot is running; stop it first.' },
  BOT_NOT_RUNNING: { status: 409, message: 'The bot is not running.' },
  POSITIONS_OPEN: { status: 409, message: 'The bot still holds positions; close them first.' },
  NAME_TAKEN: { status: 409, message: 'You have one of this name; choose another.' },
  LIMIT_REACHED: {
    status: 409,
    message: 'You have as many of these as an account may have; delete one first.',
  },
  BODY_TOO_LARGE: { status: 413, message: 'The request body is larger than 64 KiB.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: 'Send JSON: Content-Type: application/json.' },
  UPGRADE_REQUIRED: { status: 426, message: 'This is a WebSocket; open it as one.' },
  RATE_LIMITED: { status: 429, message: 'Too many requests; wait as Retry-After says.' },
  INTERNAL: { status: 500, message: 'Something failed on our side; it was logged. Try again later.' },
  OVERLOADED: { status: 503, message: 'The platform is at capacity; wait as Retry-After says.' },
  DEGRADED: { status: 503, message: 'A part of the platform is not running; it is being restarted.' },
} as const;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;
