import type { BotDraft, StrategyKind } from '../draft/bot-draft.ts';

interface InstrumentFieldsProps {
  readonly draft: BotDraft;
  readonly kind: StrategyKind;
  readonly names: readonly string[];
  readonly problem: string | undefined;
  readonly set: (change: Partial<BotDraft>) => void;
}

/** Where the bot trades. Token strategies look at every token, so there is nothing to choose. */
export function InstrumentFields({ draft, kind, names, problem, set }: InstrumentFieldsProps) {
  const toggle = (name: string) =>
    set({
      instruments: draft.instruments.includes(name)
        ? draft.instruments.filter((other) => other !== name)
        : [...draft.instruments, name],
    });
  return (
    <fieldset className="form-part">
      <legend>Markets</legend>
      {kind === 'token' ? (
        <p className="muted form-words">Every new token on pump.fun, paid in SOL.</p>
      ) : (
        <div className="chips">
          {names.map((name) => (
            <label key={name} className="chip">
              <input
                type="checkbox"
                checked={draft.instruments.includes(name)}
                onChange={() => toggle(name)}
                data-testid={`instrument-${name}`}
              />
              <span>{name}</span>
            </label>
          ))}
        </div>
      )}
      {problem !== undefined && <p className="field-problem">{problem}</p>}
    </fieldset>
  );
}
