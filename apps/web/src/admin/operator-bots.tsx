import type { AdminStats } from '@onefeed/contracts';
import { formatCount } from '../format/amount.ts';
import { formatDuration } from '../format/clock.ts';

/** Rows shown; the list may be as long as the capacity. */
const SHOWN = 50;

/** Running bots of all users, without their money. */
export function OperatorBots({ bots }: { bots: AdminStats['stats']['bots'] }) {
  return (
    <section className="neon-panel neon-bots" aria-label="Running bots">
      <h2>
        Running bots <span className="neon-of">{formatCount(bots.length)}</span>
      </h2>
      {bots.length === 0 ? (
        <p className="neon-caption">none is running</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <section className="neon-scroll" tabIndex={0} aria-label="Running bots, scrolling">
          <table data-testid="admin-bots">
            <thead>
              <tr>
                <th scope="col">Bot</th>
                <th scope="col">User</th>
                <th scope="col">Strategy</th>
                <th scope="col">Uptime</th>
                <th scope="col">Signals</th>
              </tr>
            </thead>
            <tbody>
              {bots.slice(0, SHOWN).map((bot) => (
                <tr key={bot.bot_id} data-testid="admin-bot-row">
                  <td>{bot.bot_id.slice(0, 8)}</td>
                  <td>{bot.user_id.slice(0, 8)}</td>
                  <td>{bot.strategy}</td>
                  <td>{formatDuration(bot.uptime_seconds)}</td>
                  <td>{formatCount(bot.signals_received)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {bots.length > SHOWN && <p className="neon-caption">and {formatCount(bots.length - SHOWN)} more</p>}
    </section>
  );
}
