import type { Bot, Position, Trade } from '@onefeed/contracts';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Figure } from '../controls/figure.tsx';
import { botMoney, quoteAssetOf } from '../desk/money.ts';
import { formatAmount, formatCount, formatProfit } from '../format/amount.ts';
import { formatPercent } from '../format/percent.ts';
import { usePrices } from '../live/use-prices.ts';
import { useClient } from '../session/session-context.ts';

interface BotFiguresProps {
  readonly bot: Bot;
  readonly positions: readonly Position[];
  readonly trades: readonly Trade[];
}

/** A bot's money, moving with the prices. */
export function BotFigures({ bot, positions, trades }: BotFiguresProps) {
  const client = useClient();
  const priceOf = usePrices();
  const status = useQuery({
    queryKey: ['status', bot.id],
    queryFn: () => client.botStatus(bot.id),
    refetchInterval: 5_000,
  });
  const asset = quoteAssetOf(bot.venue);
  const money = botMoney(bot, positions, priceOf);
  const wins = trades.filter((trade) => Number(trade.profit) > 0).length;
  const completed = Math.max(status.data?.completedTrades ?? 0, trades.length);
  const signals = Math.max(status.data?.bot.signalsReceived ?? 0, bot.signalsReceived);
  const step = asset === 'SOL' ? 1e4 : 100;
  return (
    <dl className="figures">
      <Item label="Equity" unit={asset}>
        <Figure value={money.equity} text={formatAmount(money.equity, asset)} testId="bot-equity" />
      </Item>
      <Item label="Profit" unit={formatPercent(money.profitPercent)}>
        <Figure
          value={Math.round(money.profit * step) / step}
          signed
          text={formatProfit(money.profit, asset)}
          testId="bot-profit"
        />
      </Item>
      <Item label="Cash" unit={asset}>
        <Figure value={money.cash} text={formatAmount(bot.cash, asset)} testId="bot-cash" />
      </Item>
      <Item label="Open positions" unit={`of ${bot.risk.maxOpenPositions}`}>
        <Figure value={positions.length} text={formatCount(positions.length)} />
      </Item>
      <Item
        label="Trades"
        unit={trades.length === 0 ? '' : `${Math.round((wins / trades.length) * 100)}% won`}
      >
        <Figure value={completed} text={formatCount(completed)} />
      </Item>
      <Item label="Signals" unit="">
        <Figure value={signals} text={formatCount(signals)} testId="bot-signals" />
      </Item>
    </dl>
  );
}

function Item({ label, unit, children }: { label: string; unit: string; children: ReactNode }) {
  return (
    <div className="figures-item">
      <dt>{label}</dt>
      <dd>
        {children} <small>{unit}</small>
      </dd>
    </div>
  );
}
