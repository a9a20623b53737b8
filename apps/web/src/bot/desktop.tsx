import { useState } from 'react';
import { Empty } from '../controls/empty.tsx';
import { useDesk } from '../desk/use-desk.ts';
import { usePriceFeed } from '../live/use-prices.ts';
import { BotForm } from './bot-form.tsx';
import { BotList } from './bot-list.tsx';
import { BotView } from './bot-view.tsx';

const NEW_BOT = 'new';

/** A trader's page: the bots on the left, the chosen one (or the form for a new one) beside them. */
export function Desktop() {
  const { desk, change } = useDesk();
  const [choice, setChoice] = useState<string | null>(null);
  usePriceFeed(
    'binance',
    desk.bots.some((bot) => bot.venue === 'binance'),
  );
  usePriceFeed(
    'pumpfun',
    desk.bots.some((bot) => bot.venue === 'pumpfun'),
  );
  if (!desk.ready) {
    return (
      <main className="desk-loading">
        <Empty title="Fetching your bots…">
          This page comes alive as soon as the live connection is open.
        </Empty>
      </main>
    );
  }
  const chosen =
    choice === NEW_BOT ? undefined : (desk.bots.find((bot) => bot.id === choice) ?? desk.bots[0]);
  return (
    <main className="desk">
      <h1 className="visually-hidden">Your bots</h1>
      <BotList
        desk={desk}
        chosenId={chosen?.id ?? null}
        onChoose={setChoice}
        onNew={() => setChoice(NEW_BOT)}
      />
      {chosen ? (
        <BotView key={chosen.id} bot={chosen} desk={desk} change={change} />
      ) : (
        <BotForm
          first={desk.bots.length === 0}
          onCancel={() => setChoice(null)}
          onStarted={(bot) => {
            change({ kind: 'bot', bot });
            setChoice(bot.id);
          }}
        />
      )}
    </main>
  );
}
