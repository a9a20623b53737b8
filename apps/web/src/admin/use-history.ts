import { useEffect, useState } from 'react';
import { addPoint, type Point } from './history.ts';

/** The values a figure had while the page was open. `at` is when the value was read, 0 before the first. */
export function useHistory(value: number | null, at: number): readonly Point[] {
  const [history, setHistory] = useState<readonly Point[]>([]);
  useEffect(() => {
    if (value !== null && at > 0) setHistory((before) => addPoint(before, { at, value }));
  }, [value, at]);
  return history;
}
