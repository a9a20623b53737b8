import { Figure } from '../controls/figure.tsx';
import { formatCompact, formatCount } from '../format/amount.ts';
import { ratePerMinute } from './history.ts';
import { Spark } from './spark.tsx';
import { useHistory } from './use-history.ts';

interface TileProps {
  readonly label: string;
  readonly value: number | null;
  readonly at: number;
  readonly tone: 'green' | 'cyan' | 'pink';
  /** Shows how fast a counter rises. */
  readonly rate?: boolean;
  readonly caption?: string | undefined;
  readonly testId?: string;
}

/** One figure with its recent course. */
export function Tile({ label, value, at, tone, rate, caption, testId }: TileProps) {
  const history = useHistory(value, at);
  const perMinute = rate ? ratePerMinute(history) : null;
  return (
    <section className={`neon-panel neon-tile neon-tile-${tone}`} aria-label={label}>
      <h2>{label}</h2>
      <p className="neon-tile-figure">
        {value === null ? (
          <span data-testid={testId}>–</span>
        ) : (
          <Figure value={value} text={formatCount(value)} {...(testId === undefined ? {} : { testId })} />
        )}
      </p>
      <p className="neon-caption">
        {rate ? (perMinute === null ? 'measuring…' : `${formatCompact(perMinute)} / min`) : (caption ?? '')}
      </p>
      <Spark history={history} tone={tone} />
    </section>
  );
}
