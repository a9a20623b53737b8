import type { Bot } from '@onefeed/contracts';
import { Empty } from '../controls/empty.tsx';
import { Figure } from '../controls/figure.tsx';
import { Panel } from '../controls/panel.tsx';
import type { Desk } from '../desk/desk.ts';
import { botMoney, quoteAssetOf } from '../desk/money.ts';
import { formatAmount, formatProfit } from '../format/amount.ts';
import { formatPercent } from '../format/percent.ts';
import { usePrices } from '../live/use-prices.ts';
import { BotState } from './bot-state.tsx';

interface BotListProps {
  readonly desk: Desk;
  readonly chosenId: string | null;
  readonly onChoose: (botId: string) => void;
  readonly onNew: () => void;
}

export function BotList({ desk, chosenId, onChoose, onNew }: BotListProps) {
  return (
    <Panel
      title="Bots"
      className="bot-list"
      aside={
        <button type="button" className="button" onClick={onNew} data-testid="new-bot">
          New bot
        </button>
      }
    >
      {desk.bots.length === 0 ? (
        <Empty title="No bots yet">Fill in the form and start your first one.</Empty>
      ) : (
        <ul data-testid="bot-list">
          {desk.bots.map((bot) => (
            <li key={bot.id}>
              <BotRow bot={bot} desk={desk} chosen={bot.id === chosenId} onChoose={() => onChoose(bot.id)} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function BotRow({
  bot,
  desk,
  chosen,
  onChoose,
}: {
  bot: Bot;
  desk: Desk;
  chosen: boolean;
  onChoose: () => void;
}) {
  const priceOf = usePrices();
  const asset = quoteAssetOf(bot.venue);
  const money = botMoney(bot, desk.positions, priceOf);
  const cents = Math.round(money.profit * 100) / 100;
  return (
    <button
      type="button"
      className="bot-row"
      aria-pressed={chosen}
      onClick={onChoose}
      data-testid="bot-row"
      data-bot-id={bot.id}
    >
      <span className="bot-row-name">{bot.name}</span>
      <BotState state={bot.state} />
      <span className="bot-row-money">
        <Figure value={money.equity} text={formatAmount(money.equity, asset)} /> <small>{asset}</small>
      </span>
      <span className="bot-row-profit">
        <Figure
          value={cents}
          signed
          text={`${formatProfit(money.profit, asset)} (${formatPercent(money.profitPercent)})`}
        />
      </span>
    </button>
  );
}
