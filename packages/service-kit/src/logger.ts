import { type DestinationStream, type Logger, pino } from 'pino';

export interface LoggerOptions {
  service: string;
  instance: string;
  level: string;
  /** Where lines go; standard output, written synchronously, when absent. */
  destination?: DestinationStream;
}

const SECRET_KEYS = [
  'authorization',
  'Authorization',
  'cookie',
  'Cookie',
  '"set-cookie"',
  'password',
  'passwordHash',
  'token',
  'accessToken',
  'refreshToken',
  'secret',
  'apiKey',
  '"api-key"',
  '"x-api-key"',
];

/** Depths at which a secret key is looked for: `{password}`, `{user: {password}}`, `{req: {headers: {cookie}}}`, ... */
const PREFIXES = ['', '*.', '*.*.', '*.*.*.'];

const SECRET_PARAMETER =
  /([?&](?:api-?key|token|ticket|access_token|secret|password|signature)=)[^&\s"\\]+/gi;
const URL_PASSWORD = /(\w:\/\/[^\s:/@"]*:)[^\s@/"]+(?=@)/g;
const BEARER = /(\bBearer\s+)[\w.~+/=-]+/gi;

/** Removes secrets that sit inside texts: query parameters, passwords of URLs, bearer tokens (I9). */
export function scrubSecrets(text: string): string {
  return text
    .replace(SECRET_PARAMETER, '$1[redacted]')
    .replace(URL_PASSWORD, '$1[redacted]')
    .replace(BEARER, '$1[redacted]');
}

/** JSON lines on standard output. Values of secret keys and secrets inside texts never reach a line (I9). */
export function createLogger({ service, instance, level, destination }: LoggerOptions): Logger {
  const sink = destination ?? pino.destination({ fd: 1, sync: true });
  return pino(
    {
      level,
      base: { service, instance },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: PREFIXES.flatMap((prefix) => SECRET_KEYS.map((key) => joinPath(prefix, key))),
        censor: '[redacted]',
      },
    },
    { write: (line: string) => sink.write(scrubSecrets(line)) },
  );
}

/** pino writes quoted keys as `a["b-c"]`, not `a."b-c"`. */
function joinPath(prefix: string, key: string): string {
  if (!key.startsWith('"')) return `${prefix}${key}`;
  return `${prefix.slice(0, -1)}[${key}]`;
}
