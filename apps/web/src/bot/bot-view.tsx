import type { Bot } from '@onefeed/contracts';
import { MarketPanel } from '../chart/market-panel.tsx';
import type { Desk, DeskChange } from '../desk/desk.ts';
import { useBotHistory } from '../desk/use-bot-history.ts';
import { TokenPanel } from '../tokens/token-panel.tsx';
import { BotFigures } from './bot-figures.tsx';
import { BotHead } from './bot-head.tsx';
import { BotSettings } from './bot-settings.tsx';
import { Journal } from './journal-panel.tsx';
import { Positions } from './positions.tsx';
import { Trades } from './trades.tsx';

interface BotViewProps {
  readonly bot: Bot;
  readonly desk: Desk;
  readonly change: (change: DeskChange) => void;
}

/** One bot: its money, its market, what it holds, what it did. */
export function BotView({ bot, desk, change }: BotViewProps) {
  useBotHistory(bot.id, change);
  const positions = desk.positions.filter((position) => position.botId === bot.id);
  const trades = desk.trades.filter((trade) => trade.botId === bot.id);
  const orders = desk.orders.filter((order) => order.botId === bot.id);
  const journal = desk.journal.filter((entry) => entry.botId === bot.id);
  return (
    <div className="bot-view">
      <BotHead bot={bot} openPositions={positions.length} change={change} />
      <BotFigures bot={bot} positions={positions} trades={trades} />
      {bot.venue === 'pumpfun' ? (
        <TokenPanel positions={positions} />
      ) : (
        <MarketPanel instruments={bot.instruments} orders={orders} />
      )}
      <Journal entries={journal} running={bot.state === 'running'} />
      <Positions positions={positions} running={bot.state === 'running'} />
      <Trades trades={trades} />
      <BotSettings bot={bot} />
    </div>
  );
}
