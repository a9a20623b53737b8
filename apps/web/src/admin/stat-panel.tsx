import { statList } from './stat-list.ts';

/** All figures that a part of the platform gives of itself. */
export function StatPanel({ title, record }: { title: string; record: Record<string, unknown> | undefined }) {
  const stats = statList(record ?? {});
  return (
    <section className="neon-panel neon-stats" aria-label={title}>
      <h2>{title}</h2>
      {stats.length === 0 ? (
        <p className="neon-caption">no figures yet</p>
      ) : (
        <dl>
          {stats.map((stat) => (
            <div key={stat.key}>
              <dt>{stat.label}</dt>
              <dd>{stat.value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
