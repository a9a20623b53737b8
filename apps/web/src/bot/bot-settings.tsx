import type { Bot } from '@onefeed/contracts';
import { quoteAssetOf } from '../desk/money.ts';
import { formatAmount } from '../format/amount.ts';
import { describeExitPlan } from '../format/exit-plan.ts';

/** What the bot was started with. */
export function BotSettings({ bot }: { bot: Bot }) {
  const asset = quoteAssetOf(bot.venue);
  const stake =
    bot.stake.type === 'fixed'
      ? `${formatAmount(bot.stake.amount, asset)} ${asset}`
      : `${bot.stake.percent}% of equity`;
  const loss = bot.risk.dailyLossLimit;
  return (
    <details className="panel bot-settings">
      <summary>Settings and strategy</summary>
      <div className="bot-settings-body">
        <dl className="facts">
          <dt>Stake</dt>
          <dd>{stake} an entry</dd>
          <dt>Exits</dt>
          <dd>{describeExitPlan(bot.exitPlan)}</dd>
          <dt>Risk</dt>
          <dd>
            at most {bot.risk.maxOpenPositions} open, {bot.risk.cooldownSeconds} s cooldown
            {loss === undefined ? '' : `, stop for the day at -${formatAmount(loss, asset)} ${asset}`}
          </dd>
          <dt>Markets</dt>
          <dd>{bot.instruments.length === 0 ? 'every new pump.fun token' : bot.instruments.join(', ')}</dd>
        </dl>
        <pre className="source">{bot.strategySource}</pre>
      </div>
    </details>
  );
}
