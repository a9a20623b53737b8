import { Figure } from '../controls/figure.tsx';
import { formatCount } from '../format/amount.ts';
import { Spark } from './spark.tsx';
import type { AdminFigures } from './use-admin-figures.ts';
import { useHistory } from './use-history.ts';

const SEGMENTS = 40;

/** Active bots of the capacity: the one figure to read from across the room. */
export function HeroTile({ figures }: { figures: AdminFigures }) {
  const { stats, updatedAt } = figures;
  const active = stats?.active_bots ?? null;
  const capacity = stats?.max_capacity ?? 0;
  const share = active === null || capacity === 0 ? 0 : Math.min(1, active / capacity);
  // One bot of many thousands still lights a segment.
  const lit = active === 0 ? 0 : Math.max(1, Math.round(share * SEGMENTS));
  const history = useHistory(active, updatedAt);
  return (
    <section className="neon-panel neon-hero" aria-label="Active bots">
      <h2>Active bots</h2>
      <p className="neon-hero-figure">
        {active === null ? '–' : <Figure value={active} text={formatCount(active)} testId="active-bots" />}
        <span className="neon-of"> / {formatCount(capacity)}</span>
      </p>
      <meter
        className="visually-hidden"
        aria-label="Capacity used"
        min={0}
        max={capacity || 1}
        value={active ?? 0}
      />
      <div className="neon-meter" aria-hidden="true">
        {Array.from({ length: SEGMENTS }, (_, index) => (
          <span key={index} data-lit={active !== null && index < lit} />
        ))}
      </div>
      <p className="neon-caption">
        {(share * 100).toFixed(share > 0 && share < 0.01 ? 3 : 1)}% of capacity
        <span>{stats?.architecture.replaceAll('_', ' ').toLowerCase() ?? ''}</span>
      </p>
      <Spark history={history} tone="green" />
    </section>
  );
}
