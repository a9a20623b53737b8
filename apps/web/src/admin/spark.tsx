import { type Point, sparkline } from './history.ts';

const WIDTH = 240;
const HEIGHT = 40;

/** The recent course of a figure. */
export function Spark({ history, tone }: { history: readonly Point[]; tone: 'green' | 'cyan' | 'pink' }) {
  const points = sparkline(history, WIDTH, HEIGHT);
  return (
    <svg
      className={`neon-spark neon-spark-${tone}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {points !== '' && (
        <>
          <polygon points={`0,${HEIGHT} ${points} ${WIDTH},${HEIGHT}`} />
          <polyline points={points} vectorEffect="non-scaling-stroke" />
        </>
      )}
    </svg>
  );
}
