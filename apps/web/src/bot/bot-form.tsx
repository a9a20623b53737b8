import type { Bot } from '@onefeed/contracts';
import { useQuery } from '@tanstack/react-query';
import { Empty } from '../controls/empty.tsx';
import { ErrorNote } from '../controls/error-note.tsx';
import { Panel } from '../controls/panel.tsx';
import { useClient } from '../session/session-context.ts';
import { BotFields } from './bot-fields.tsx';

interface BotFormProps {
  /** Nothing to go back to yet. */
  readonly first: boolean;
  readonly onCancel: () => void;
  readonly onStarted: (bot: Bot) => void;
}

/** The form for a new bot, once it is known what can be traded with what. */
export function BotForm({ first, onCancel, onStarted }: BotFormProps) {
  const client = useClient();
  const catalog = useQuery({ queryKey: ['catalog'], queryFn: () => client.catalog(), staleTime: 60_000 });
  const own = useQuery({ queryKey: ['strategies'], queryFn: () => client.strategies({ limit: 100 }) });
  return (
    <Panel
      title={first ? 'Start your first bot' : 'New bot'}
      className="bot-form"
      aside={
        first ? undefined : (
          <button type="button" className="button button-quiet" onClick={onCancel}>
            Cancel
          </button>
        )
      }
    >
      {catalog.data ? (
        <BotFields catalog={catalog.data} ownStrategies={own.data?.strategies ?? []} onStarted={onStarted} />
      ) : catalog.error ? (
        <div className="panel-body">
          <ErrorNote error={catalog.error} />
          <button type="button" className="button" onClick={() => void catalog.refetch()}>
            Try again
          </button>
        </div>
      ) : (
        <Empty title="Fetching strategies and markets…" />
      )}
    </Panel>
  );
}
