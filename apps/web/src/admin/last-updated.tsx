import { useEffect, useState } from 'react';
import { formatTime } from '../format/clock.ts';

const TICK_MS = 200;

/** When the figures were read last, and the seconds since, counting. */
export function LastUpdated({ at }: { at: number }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const age = Math.max(0, (now - at) / 1_000);
  return (
    <p className="neon-updated" data-stale={at > 0 && age > 10}>
      <span data-testid="last-updated">{at === 0 ? 'waiting for figures' : `updated ${formatTime(at)}`}</span>
      {at > 0 && <span className="neon-age">{age.toFixed(1)} s ago</span>}
      <span key={at} className="neon-sweep" aria-hidden="true" />
    </p>
  );
}
