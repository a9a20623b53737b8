import type { ValidationAnswer } from '@onefeed/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useClient } from '../session/session-context.ts';

/** Pause in typing after which the text is checked. */
const PAUSE_MS = 300;

export interface Validation {
  readonly answer: ValidationAnswer | null;
  /** The answer is not of the text as it is now. */
  readonly pending: boolean;
  readonly error: unknown;
}

/** Lets the api compile a strategy while it is typed; empty text is not asked about. */
export function useValidation(text: string): Validation {
  const client = useClient();
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const source = settled.trim();
  const check = useQuery({
    queryKey: ['validation', source],
    queryFn: () => client.validateStrategy(source),
    enabled: source !== '',
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  if (text.trim() === '') return { answer: null, pending: false, error: null };
  return {
    answer: check.data ?? null,
    pending: check.isFetching || source !== text.trim(),
    error: check.error,
  };
}
