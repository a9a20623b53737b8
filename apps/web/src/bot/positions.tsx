import type { Position } from '@onefeed/contracts';
import { Empty } from '../controls/empty.tsx';
import { Figure } from '../controls/figure.tsx';
import { Panel } from '../controls/panel.tsx';
import { positionMoney, quoteAssetOf } from '../desk/money.ts';
import { formatAmount, formatPrice, formatProfit, formatQuantity } from '../format/amount.ts';
import { formatTime } from '../format/clock.ts';
import { describeExitPlan } from '../format/exit-plan.ts';
import { shortInstrument } from '../format/instrument.ts';
import { formatPercent } from '../format/percent.ts';
import { usePrices } from '../live/use-prices.ts';

export function Positions({ positions, running }: { positions: readonly Position[]; running: boolean }) {
  return (
    <Panel
      title="Open positions"
      className="positions"
      aside={<span className="number muted">{positions.length}</span>}
    >
      {positions.length === 0 ? (
        <Empty title="Nothing held right now">
          {running ? 'The next entry signal opens a position here.' : 'Start the bot to trade.'}
        </Empty>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <section className="table-scroll" tabIndex={0} aria-label="Open positions, scrolling">
          <table className="table" data-testid="positions">
            <thead>
              <tr>
                <th scope="col">Market</th>
                <th scope="col">Profit</th>
                <th scope="col">Value</th>
                <th scope="col">Price</th>
                <th scope="col">Entry</th>
                <th scope="col">Quantity</th>
                <th scope="col">Exits</th>
                <th scope="col">Opened</th>
              </tr>
            </thead>
            <tbody>
              {positions.map((position) => (
                <PositionRow key={position.id} position={position} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Panel>
  );
}

function PositionRow({ position }: { position: Position }) {
  const money = positionMoney(position, usePrices());
  const asset = quoteAssetOf(position.venue);
  return (
    <tr data-testid="position-row">
      <td title={position.instrument}>{shortInstrument(position.instrument)}</td>
      <td>
        <Figure
          value={money.profit}
          signed
          text={`${formatProfit(money.profit, asset)} (${formatPercent(money.profitPercent)})`}
          testId="position-profit"
        />
      </td>
      <td className="number">
        {formatAmount(money.value, asset)} <small className="muted">{asset}</small>
      </td>
      <td>
        <Figure value={money.price} text={formatPrice(money.price)} />
      </td>
      <td className="number">{formatPrice(position.entryPrice)}</td>
      <td className="number">{formatQuantity(position.quantity)}</td>
      <td className="muted exits" title={describeExitPlan(position.exitPlan)}>
        {describeExitPlan(position.exitPlan)}
      </td>
      <td className="number muted">{formatTime(position.openedAt)}</td>
    </tr>
  );
}
