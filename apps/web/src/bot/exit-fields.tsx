import { Choices } from '../controls/choices.tsx';
import { TextField } from '../controls/text-field.tsx';
import type { BotDraft, StrategyKind } from '../draft/bot-draft.ts';
import type { Problems } from '../draft/read-number.ts';
import { TakeProfitFields } from './take-profit-fields.tsx';

interface ExitFieldsProps {
  readonly draft: BotDraft;
  readonly kind: StrategyKind;
  readonly problems: Problems;
  readonly set: (change: Partial<BotDraft>) => void;
}

/** How positions are left: a take profit of one kind, and the guards that apply beside it. */
export function ExitFields({ draft, kind, problems, set }: ExitFieldsProps) {
  const trailing = draft.takeProfit === 'TRAILING';
  return (
    <fieldset className="form-part">
      <legend>Exits</legend>
      <Choices
        label="Take profit"
        value={draft.takeProfit}
        options={[
          { value: 'FIXED', label: 'Fixed' },
          { value: 'LADDER', label: 'Ladder' },
          { value: 'TRAILING', label: 'Trailing' },
          { value: 'PROGRESSIVE_AFTER_MIGRATION', label: 'After migration', disabled: kind !== 'token' },
        ]}
        onChange={(takeProfit) =>
          set({
            takeProfit,
            ...(takeProfit === 'TRAILING' && draft.distancePercent === '' ? { distancePercent: '5' } : {}),
          })
        }
        testId="take-profit"
      />
      {problems.takeProfit !== undefined && <p className="field-problem">{problems.takeProfit}</p>}
      <TakeProfitFields draft={draft} problems={problems} set={set} />
      <div className="form-grid">
        <TextField
          label="Stop loss"
          numeric
          unit="% below entry"
          placeholder="none"
          value={draft.stopLossPercent}
          onChange={(stopLossPercent) => set({ stopLossPercent })}
          problem={problems.stopLossPercent}
          testId="stop-loss"
        />
        <TextField
          label={trailing ? 'Trailing distance' : 'Trailing stop'}
          numeric
          unit="% below high"
          placeholder="none"
          value={draft.distancePercent}
          onChange={(distancePercent) => set({ distancePercent })}
          problem={problems.distancePercent}
          testId="trailing-distance"
        />
        <TextField
          label="Trailing starts at a gain of"
          numeric
          unit="%"
          placeholder="at once"
          value={draft.activatePercent}
          onChange={(activatePercent) => set({ activatePercent })}
          problem={problems.activatePercent}
          testId="trailing-activate"
        />
        <TextField
          label="Time limit"
          numeric
          unit="s"
          placeholder="none"
          value={draft.timeLimitSeconds}
          onChange={(timeLimitSeconds) => set({ timeLimitSeconds })}
          problem={problems.timeLimitSeconds}
          testId="time-limit"
        />
      </div>
    </fieldset>
  );
}
