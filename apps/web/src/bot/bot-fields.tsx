import type { Bot, CatalogAnswer, Strategy } from '@onefeed/contracts';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ErrorNote } from '../controls/error-note.tsx';
import { TextField } from '../controls/text-field.tsx';
import { type BotDraft, OWN_STRATEGY } from '../draft/bot-draft.ts';
import { buildBot, suggestName } from '../draft/build-bot.ts';
import { exitDefaults, initialDraft } from '../draft/initial-draft.ts';
import { riskPreset } from '../draft/risk-preset.ts';
import { useClient } from '../session/session-context.ts';
import { StrategyFields } from '../strategy/strategy-fields.tsx';
import { useValidation } from '../strategy/use-validation.ts';
import { ExitFields } from './exit-fields.tsx';
import { InstrumentFields } from './instrument-fields.tsx';
import { RiskFields } from './risk-fields.tsx';

interface BotFieldsProps {
  readonly catalog: CatalogAnswer;
  readonly ownStrategies: readonly Strategy[];
  readonly onStarted: (bot: Bot) => void;
}

export function BotFields({ catalog, ownStrategies, onStarted }: BotFieldsProps) {
  const client = useClient();
  const instruments = catalog.instruments.filter((item) => item.venue === 'binance' && item.tradeable);
  const names = instruments.map((item) => item.instrument);
  const firstMarket = names.includes('BTCUSDT') ? ['BTCUSDT'] : names.slice(0, 1);
  const stored = [...catalog.strategies.map((item) => ({ ...item, id: item.name })), ...ownStrategies];
  const [draft, setDraft] = useState<BotDraft>(() =>
    initialDraft(stored[0]?.id ?? OWN_STRATEGY, stored[0]?.kind ?? 'candle', firstMarket),
  );
  const [tried, setTried] = useState(false);
  const own = draft.strategyId === OWN_STRATEGY;
  const validation = useValidation(own ? draft.strategyText : '');
  const kind =
    (own ? validation.answer?.kind : stored.find((item) => item.id === draft.strategyId)?.kind) ?? 'candle';
  const set = (change: Partial<BotDraft>) => setDraft((before) => ({ ...before, ...change }));

  const built = buildBot(draft, kind);
  const problems = tried ? (built.problems ?? {}) : {};
  const invalid = own && validation.answer !== null && !validation.answer.valid;
  const start = useMutation({
    mutationFn: async () => {
      if (!built.bot) throw new Error('The form is not complete.');
      const bot = await client.createBot(built.bot);
      if (bot.state === 'running') return bot;
      // The bot exists now: when it cannot be started, it is shown stopped, with its start button.
      return client.startBot(bot.id).catch(() => bot);
    },
    onSuccess: onStarted,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (built.bot && !invalid && !validation.pending) start.mutate();
  };

  return (
    <form className="bot-fields" onSubmit={submit} noValidate data-testid="bot-form">
      <StrategyFields
        draft={draft}
        builtIn={catalog.strategies}
        own={ownStrategies}
        validation={validation}
        problem={problems.strategyText}
        onChoose={(strategyId, nextKind) =>
          set({
            strategyId,
            ...(nextKind === kind
              ? {}
              : {
                  ...exitDefaults(nextKind),
                  ...(draft.riskLevel === 'CUSTOM' ? {} : riskPreset(draft.riskLevel, nextKind)),
                }),
          })
        }
        onText={(strategyText) => set({ strategyText })}
      />
      <InstrumentFields draft={draft} kind={kind} names={names} problem={problems.instruments} set={set} />
      <RiskFields draft={draft} kind={kind} problems={problems} set={set} />
      <ExitFields draft={draft} kind={kind} problems={problems} set={set} />
      <div className="bot-form-end">
        <TextField
          label="Name"
          value={draft.name}
          placeholder={suggestName(draft, kind)}
          onChange={(name) => set({ name })}
          problem={problems.name}
          testId="bot-name"
        />
        <button
          type="submit"
          className="button button-primary"
          disabled={start.isPending}
          data-testid="start-bot"
        >
          {start.isPending ? 'Starting…' : 'Start bot'}
        </button>
      </div>
      {tried && (invalid || built.problems) && (
        <p className="note note-error" role="alert" data-testid="form-problem">
          {invalid ? 'The strategy does not compile yet.' : Object.values(built.problems ?? {})[0]}
        </p>
      )}
      <ErrorNote error={start.error} />
    </form>
  );
}
