import type { RiskLevel } from '@onefeed/contracts';
import { Choices } from '../controls/choices.tsx';
import { TextField } from '../controls/text-field.tsx';
import type { BotDraft, StrategyKind } from '../draft/bot-draft.ts';
import type { Problems } from '../draft/read-number.ts';
import { RISK_LEVELS, riskPreset } from '../draft/risk-preset.ts';

interface RiskFieldsProps {
  readonly draft: BotDraft;
  readonly kind: StrategyKind;
  readonly problems: Problems;
  readonly set: (change: Partial<BotDraft>) => void;
}

const LABELS: Readonly<Record<RiskLevel, string>> = { LOW: 'Low', MEDIUM: 'Medium', HIGH: 'High' };

/** How much is put in, and when the bot must keep still. A preset fills all of it in. */
export function RiskFields({ draft, kind, problems, set }: RiskFieldsProps) {
  const asset = kind === 'token' ? 'SOL' : 'USDT';
  const change = (fields: Partial<BotDraft>) => set({ ...fields, riskLevel: 'CUSTOM' });
  const choose = (level: RiskLevel) =>
    set({ riskLevel: level, stakeType: 'percent', ...riskPreset(level, kind) });
  const percent = draft.stakeType === 'percent';
  return (
    <fieldset className="form-part">
      <legend>Money and risk</legend>
      <Choices
        label="Risk level"
        value={draft.riskLevel === 'CUSTOM' ? null : draft.riskLevel}
        options={RISK_LEVELS.map((value) => ({ value, label: LABELS[value] }))}
        onChange={choose}
        testId="risk-level"
      />
      <div className="form-grid">
        <TextField
          label="Stake per entry"
          numeric
          unit={percent ? '% of equity' : asset}
          value={percent ? draft.stakePercent : draft.stakeAmount}
          onChange={(text) => change(percent ? { stakePercent: text } : { stakeAmount: text })}
          problem={percent ? problems.stakePercent : problems.stakeAmount}
          testId="stake"
        />
        <div className="field">
          <span className="field-label">Stake in</span>
          <Choices
            label="Stake in"
            value={draft.stakeType}
            options={[
              { value: 'percent', label: '% of equity' },
              { value: 'fixed', label: asset },
            ]}
            onChange={(stakeType) => change({ stakeType })}
            testId="stake-type"
          />
        </div>
        <TextField
          label="Open positions, at most"
          numeric
          value={draft.maxOpenPositions}
          onChange={(maxOpenPositions) => change({ maxOpenPositions })}
          problem={problems.maxOpenPositions}
          testId="max-positions"
        />
        <TextField
          label="Cooldown after a trade"
          numeric
          unit="s"
          value={draft.cooldownSeconds}
          onChange={(cooldownSeconds) => change({ cooldownSeconds })}
          problem={problems.cooldownSeconds}
          testId="cooldown"
        />
        <TextField
          label="Stop for the day at a loss of"
          numeric
          unit={asset}
          placeholder="no limit"
          value={draft.dailyLossLimit}
          onChange={(dailyLossLimit) => change({ dailyLossLimit })}
          problem={problems.dailyLossLimit}
          testId="daily-loss"
        />
      </div>
    </fieldset>
  );
}
