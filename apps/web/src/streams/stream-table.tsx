import type { SocketStats } from '@onefeed/contracts';
import { formatCount, formatPrice } from '../format/amount.ts';
import { formatTime } from '../format/clock.ts';

/** The streams clients read now. */
export function StreamTable({ streams }: { streams: SocketStats['websockets'] | undefined }) {
  return (
    <section className="neon-panel" aria-label="Shared streams">
      <h2>Shared streams</h2>
      {streams === undefined || streams.length === 0 ? (
        <p className="neon-caption">{streams ? 'Nobody reads a stream right now.' : 'waiting for figures'}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <section className="neon-scroll" tabIndex={0} aria-label="Shared streams, scrolling">
          <table data-testid="streams">
            <thead>
              <tr>
                <th scope="col">Stream</th>
                <th scope="col">Timeframe</th>
                <th scope="col">Readers</th>
                <th scope="col">Candles</th>
                <th scope="col">Price</th>
                <th scope="col">Last update</th>
              </tr>
            </thead>
            <tbody>
              {streams.map((stream) => (
                <tr key={`${stream.venue}:${stream.symbol}:${stream.timeframe}`} data-testid="stream-row">
                  <td>
                    {stream.symbol} <span className="neon-of">{stream.venue}</span>
                  </td>
                  <td>{stream.timeframe}</td>
                  <td>{formatCount(stream.subscribers)}</td>
                  <td>{formatCount(stream.candlesCount)}</td>
                  <td>{stream.currentPrice === null ? '–' : formatPrice(stream.currentPrice)}</td>
                  <td>{stream.lastUpdate === null ? '–' : formatTime(stream.lastUpdate)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}
