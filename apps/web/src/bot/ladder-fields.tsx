import { TextField } from '../controls/text-field.tsx';
import type { LegDraft } from '../draft/bot-draft.ts';

const MOST_LEGS = 20;

interface LadderFieldsProps {
  readonly legs: readonly LegDraft[];
  readonly problem: string | undefined;
  readonly onChange: (legs: readonly LegDraft[]) => void;
}

/** The steps of a ladder: at which gain how much of the original size is sold. */
export function LadderFields({ legs, problem, onChange }: LadderFieldsProps) {
  const change = (index: number, fields: Partial<LegDraft>) =>
    onChange(legs.map((leg, at) => (at === index ? { ...leg, ...fields } : leg)));
  return (
    <div className="ladder">
      {legs.map((leg, index) => (
        <div key={index} className="ladder-leg">
          <TextField
            label={`Step ${index + 1}: at a gain of`}
            numeric
            unit="%"
            value={leg.gainPercent}
            onChange={(gainPercent) => change(index, { gainPercent })}
          />
          <TextField
            label="sell"
            numeric
            unit="% of size"
            value={leg.sellPercent}
            onChange={(sellPercent) => change(index, { sellPercent })}
          />
          <button
            type="button"
            className="button button-quiet"
            aria-label={`Remove step ${index + 1}`}
            disabled={legs.length === 1}
            onClick={() => onChange(legs.filter((_, at) => at !== index))}
          >
            ✕
          </button>
        </div>
      ))}
      <button
        type="button"
        className="button"
        disabled={legs.length >= MOST_LEGS}
        onClick={() => onChange([...legs, { gainPercent: '', sellPercent: '' }])}
      >
        Add a step
      </button>
      {problem !== undefined && <p className="field-problem">{problem}</p>}
    </div>
  );
}
