export const MAX_NAME_LENGTH = 128;
export const MAX_URI_LENGTH = 512;

/**
 * Names are anybody's text: bounded, and free of what Postgres cannot store (a zero character, half a surrogate
 * pair). Absent ones are empty.
 */
export function displayText(text: string | null | undefined, maxLength: number): string {
  return (text ?? '').replaceAll('\u0000', '').slice(0, maxLength).toWellFormed();
}
