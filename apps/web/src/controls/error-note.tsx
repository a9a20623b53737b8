import { errorWords } from './error-words.ts';

/** What went wrong, in the api's own words. Shows nothing without an error. */
export function ErrorNote({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  return (
    <p className="note note-error" role="alert" data-testid="error-note">
      {errorWords(error)}
    </p>
  );
}
