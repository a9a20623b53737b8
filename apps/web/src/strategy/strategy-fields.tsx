import type { CatalogAnswer, Strategy } from '@onefeed/contracts';
import { useId } from 'react';
import { type BotDraft, OWN_STRATEGY, type StrategyKind } from '../draft/bot-draft.ts';
import { StrategyEditor } from './strategy-editor.tsx';
import type { Validation } from './use-validation.ts';

interface StrategyFieldsProps {
  readonly draft: BotDraft;
  readonly builtIn: CatalogAnswer['strategies'];
  readonly own: readonly Strategy[];
  readonly validation: Validation;
  readonly problem: string | undefined;
  readonly onChoose: (strategyId: string, kind: StrategyKind) => void;
  readonly onText: (text: string) => void;
}

/** The choice of a strategy: a ready-made one with its text, a stored one of one's own, or the editor. */
export function StrategyFields(props: StrategyFieldsProps) {
  const { draft, builtIn, own } = props;
  const id = useId();
  const chosen = builtIn.find((item) => item.name === draft.strategyId);
  const mine = own.find((item) => item.id === draft.strategyId);
  const choose = (strategyId: string) => {
    const kind = [...builtIn.map((item) => ({ ...item, id: item.name })), ...own].find(
      (item) => item.id === strategyId,
    )?.kind;
    props.onChoose(strategyId, kind ?? 'candle');
  };
  const group = (label: string, kind: StrategyKind) => (
    <optgroup label={label}>
      {builtIn
        .filter((item) => item.kind === kind)
        .map((item) => (
          <option key={item.name} value={item.name}>
            {item.title}
          </option>
        ))}
    </optgroup>
  );
  return (
    <fieldset className="form-part">
      <legend>Strategy</legend>
      <label className="visually-hidden" htmlFor={id}>
        Strategy
      </label>
      <select
        id={id}
        className="input"
        value={draft.strategyId}
        onChange={(event) => choose(event.target.value)}
        data-testid="strategy-select"
      >
        {group('Coins (Binance)', 'candle')}
        {group('New tokens (pump.fun)', 'token')}
        {own.length > 0 && (
          <optgroup label="Stored by you">
            {own.map((item) => (
              <option key={item.id} value={item.id}>
                {item.name}
              </option>
            ))}
          </optgroup>
        )}
        <option value={OWN_STRATEGY}>Write my own…</option>
      </select>
      {chosen && <p className="muted form-words">{chosen.description}</p>}
      {draft.strategyId === OWN_STRATEGY ? (
        <StrategyEditor
          text={draft.strategyText}
          validation={props.validation}
          problem={props.problem}
          onText={props.onText}
        />
      ) : (
        <pre className="source" data-testid="strategy-source">
          {chosen?.source ?? mine?.source}
        </pre>
      )}
    </fieldset>
  );
}
