import type { Trade } from '@onefeed/contracts';
import { Empty } from '../controls/empty.tsx';
import { Panel } from '../controls/panel.tsx';
import { quoteAssetOf } from '../desk/money.ts';
import { formatPrice, formatProfit, formatQuantity } from '../format/amount.ts';
import { formatMoment } from '../format/clock.ts';
import { describeExitReason } from '../format/exit-reason.ts';
import { shortInstrument } from '../format/instrument.ts';
import { formatPercent } from '../format/percent.ts';

/** Rows shown; the page keeps a few more, the server all. */
const SHOWN = 100;

export function Trades({ trades }: { trades: readonly Trade[] }) {
  return (
    <Panel
      title="Completed trades"
      className="trades"
      aside={<span className="number muted">{trades.length}</span>}
    >
      {trades.length === 0 ? (
        <Empty title="No completed trades yet">A trade is listed here once its position is sold.</Empty>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <section className="table-scroll" tabIndex={0} aria-label="Completed trades, scrolling">
          <table className="table" data-testid="trades">
            <thead>
              <tr>
                <th scope="col">Market</th>
                <th scope="col">Profit</th>
                <th scope="col">Reason</th>
                <th scope="col">Entry</th>
                <th scope="col">Exit</th>
                <th scope="col">Quantity</th>
                <th scope="col">Closed</th>
              </tr>
            </thead>
            <tbody>
              {trades.slice(0, SHOWN).map((trade) => (
                <TradeRow key={trade.id} trade={trade} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Panel>
  );
}

function TradeRow({ trade }: { trade: Trade }) {
  const tone = trade.profit.startsWith('-') ? 'loss' : 'gain';
  return (
    <tr data-testid="trade-row">
      <td title={trade.instrument}>{shortInstrument(trade.instrument)}</td>
      <td className={`number ${tone}`} data-testid="trade-profit">
        {formatProfit(trade.profit, quoteAssetOf(trade.venue))} ({formatPercent(trade.profitPercent)})
      </td>
      <td>{describeExitReason(trade.exitReason)}</td>
      <td className="number">{formatPrice(trade.entryPrice)}</td>
      <td className="number">{formatPrice(trade.exitPrice)}</td>
      <td className="number">{formatQuantity(trade.quantity)}</td>
      <td className="number muted">{formatMoment(trade.closedAt)}</td>
    </tr>
  );
}
