/** An answer outside 200: Binance's `{code, msg}` body. Codes and texts: the docs' errors.md. */
export class RestError extends Error {
  override name = 'RestError';
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const missingParameter = (name: string): RestError =>
  new RestError(400, -1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);

export const illegalCharacters = (name: string, pattern: string): RestError =>
  new RestError(400, -1100, `Illegal characters found in parameter '${name}'; legal range is '${pattern}'.`);

export const invalidValue = (name: string): RestError =>
  new RestError(400, -1130, `Data sent for parameter '${name}' is not valid.`);

export const invalidSymbol = (): RestError => new RestError(400, -1121, 'Invalid symbol.');
export const invalidInterval = (): RestError => new RestError(400, -1120, 'Invalid interval.');
