import { Choices } from '../controls/choices.tsx';
import { TextField } from '../controls/text-field.tsx';
import type { BotDraft } from '../draft/bot-draft.ts';
import type { Problems } from '../draft/read-number.ts';
import { LadderFields } from './ladder-fields.tsx';

interface TakeProfitFieldsProps {
  readonly draft: BotDraft;
  readonly problems: Problems;
  readonly set: (change: Partial<BotDraft>) => void;
}

/** The fields of the chosen kind of take profit. */
export function TakeProfitFields({ draft, problems, set }: TakeProfitFieldsProps) {
  switch (draft.takeProfit) {
    case 'FIXED':
      return (
        <div className="form-grid">
          <TextField
            label="Sell all at a gain of"
            numeric
            unit="%"
            value={draft.gainPercent}
            onChange={(gainPercent) => set({ gainPercent })}
            problem={problems.gainPercent}
            testId="gain"
          />
        </div>
      );
    case 'LADDER':
      return <LadderFields legs={draft.legs} problem={problems.legs} onChange={(legs) => set({ legs })} />;
    case 'TRAILING':
      return (
        <p className="muted form-words">
          No target: the trailing stop below follows the high and takes the profit.
        </p>
      );
    case 'PROGRESSIVE_AFTER_MIGRATION':
      return (
        <>
          <p className="muted form-words">
            Sells a part when the token moves to the open market, then step by step until nothing is left.
          </p>
          <div className="form-grid">
            <TextField
              label="Sell at migration"
              numeric
              unit="%"
              value={draft.initialPercent}
              onChange={(initialPercent) => set({ initialPercent })}
              problem={problems.initialPercent}
              testId="initial-percent"
            />
            <TextField
              label="Then each step"
              numeric
              unit="%"
              value={draft.stepPercent}
              onChange={(stepPercent) => set({ stepPercent })}
              problem={problems.stepPercent}
              testId="step-percent"
            />
            <TextField
              label="A step every"
              numeric
              unit={draft.stepUnit === 'seconds' ? 's' : '% gain'}
              value={draft.stepInterval}
              onChange={(stepInterval) => set({ stepInterval })}
              problem={problems.stepInterval}
              testId="step-interval"
            />
            <div className="field">
              <span className="field-label">Steps by</span>
              <Choices
                label="Steps by"
                value={draft.stepUnit}
                options={[
                  { value: 'seconds', label: 'Time' },
                  { value: 'gain_percent', label: 'Gain' },
                ]}
                onChange={(stepUnit) => set({ stepUnit })}
                testId="step-unit"
              />
            </div>
          </div>
        </>
      );
  }
}
