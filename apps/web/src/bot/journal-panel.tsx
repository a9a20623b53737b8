import { Empty } from '../controls/empty.tsx';
import { Panel } from '../controls/panel.tsx';
import { foldRefusals, type JournalEntry } from '../desk/journal.ts';
import { formatTime } from '../format/clock.ts';

/** Rows shown of the entries kept. */
const SHOWN = 80;

const MARKS: Readonly<Record<JournalEntry['tone'], string>> = {
  buy: '↗',
  sell: '↘',
  gain: '✓',
  loss: '✕',
  refused: '–',
  plain: '•',
};

/** What the bot does, as it does it. */
export function Journal({ entries, running }: { entries: readonly JournalEntry[]; running: boolean }) {
  return (
    <Panel title="Live feed" className="journal">
      {entries.length === 0 ? (
        <Empty title={running ? 'Waiting for the first signal…' : 'Nothing has happened yet'}>
          {running
            ? 'The bot acts when its strategy says so at the close of a candle or on a new token.'
            : 'Start the bot, and what it does appears here.'}
        </Empty>
      ) : null}
      <ol className="journal-list" aria-live="polite" aria-relevant="additions" data-testid="event-feed">
        {foldRefusals(entries)
          .slice(0, SHOWN)
          .map((entry) => (
            <li key={entry.key} className={`journal-entry journal-${entry.tone}`} data-testid="event">
              <span className="journal-mark" aria-hidden="true">
                {MARKS[entry.tone]}
              </span>
              <span className="journal-words">
                <strong>
                  {entry.title}
                  {entry.count > 1 && ` ×${entry.count}`}
                </strong>{' '}
                <span className="muted">{entry.detail}</span>
              </span>
              <time className="number" dateTime={new Date(entry.at).toISOString()}>
                {formatTime(entry.at)}
              </time>
            </li>
          ))}
      </ol>
    </Panel>
  );
}
