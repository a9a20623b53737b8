import { AdminHead } from './admin-head.tsx';
import { Gate } from './gate.tsx';
import { HeroTile } from './hero-tile.tsx';
import { KillSwitchPanel } from './kill-switch-panel.tsx';
import { MatrixRain } from './matrix-rain.tsx';
import { OperatorBots } from './operator-bots.tsx';
import { Services } from './services.tsx';
import { StatPanel } from './stat-panel.tsx';
import { MoneyRow, WorkRow } from './tile-row.tsx';
import { Tiles } from './tiles.tsx';
import { useAdminFigures } from './use-admin-figures.ts';

/** `/admin`: the platform at a glance; more of it for operators who logged in. */
export function AdminPage() {
  const figures = useAdminFigures();
  const { stats, overview, isAdmin } = figures;
  return (
    <div className="neon">
      <MatrixRain />
      <div className="neon-page">
        <AdminHead figures={figures} />
        <main className="neon-grid">
          <HeroTile figures={figures} />
          <Tiles figures={figures} />
          <WorkRow figures={figures} />
          <MoneyRow figures={figures} />
          <StatPanel title="Feed" record={stats?.feed_stats} />
          <StatPanel title="Engine" record={stats?.engine_stats} />
          {isAdmin ? (
            <>
              <Services services={overview?.services} />
              <KillSwitchPanel killSwitch={overview?.killSwitch} />
              <OperatorBots bots={stats?.bots ?? []} />
            </>
          ) : (
            <Gate />
          )}
        </main>
      </div>
    </div>
  );
}
