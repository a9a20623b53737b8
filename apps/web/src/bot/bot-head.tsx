import type { Bot } from '@onefeed/contracts';
import { useMutation } from '@tanstack/react-query';
import { ErrorNote } from '../controls/error-note.tsx';
import type { DeskChange } from '../desk/desk.ts';
import { useClient } from '../session/session-context.ts';
import { BotState } from './bot-state.tsx';

interface BotHeadProps {
  readonly bot: Bot;
  readonly openPositions: number;
  readonly change: (change: DeskChange) => void;
}

/** A bot's name and what can be done with it. */
export function BotHead({ bot, openPositions, change }: BotHeadProps) {
  const client = useClient();
  const show = (answer: Bot) => change({ kind: 'bot', bot: answer });
  const start = useMutation({ mutationFn: () => client.startBot(bot.id), onSuccess: show });
  const stop = useMutation({ mutationFn: () => client.stopBot(bot.id), onSuccess: show });
  const close = useMutation({ mutationFn: () => client.closePositions(bot.id) });
  const remove = useMutation({
    mutationFn: () => client.deleteBot(bot.id),
    onSuccess: () => change({ kind: 'removed', botId: bot.id }),
  });
  const running = bot.state === 'running';
  const busy = start.isPending || stop.isPending || remove.isPending;
  return (
    <div className="bot-head">
      <div className="bot-head-words">
        <h2 className="bot-name">{bot.name}</h2>
        <BotState state={bot.state} />
        <span className="muted bot-about">
          {bot.strategyName} · {bot.venue} · {bot.mode} money
        </span>
      </div>
      <div className="bot-actions">
        {openPositions > 0 && (
          <button
            type="button"
            className="button"
            disabled={close.isPending}
            onClick={() => close.mutate()}
            data-testid="close-positions"
          >
            {close.isPending ? 'Closing…' : 'Close positions'}
          </button>
        )}
        {!running && openPositions === 0 && (
          <button
            type="button"
            className="button button-danger"
            disabled={busy}
            onClick={() => remove.mutate()}
            data-testid="delete-bot"
          >
            Delete
          </button>
        )}
        {running ? (
          <button
            type="button"
            className="button button-danger"
            disabled={busy}
            onClick={() => stop.mutate()}
            data-testid="stop-bot"
          >
            {stop.isPending ? 'Stopping…' : 'Stop bot'}
          </button>
        ) : (
          <button
            type="button"
            className="button button-primary"
            disabled={busy}
            onClick={() => start.mutate()}
            data-testid="restart-bot"
          >
            {start.isPending ? 'Starting…' : 'Start bot'}
          </button>
        )}
      </div>
      <ErrorNote error={start.error ?? stop.error ?? close.error ?? remove.error} />
    </div>
  );
}
