import { type ReactNode, useId } from 'react';

interface FieldProps {
  readonly label: string;
  readonly problem?: string | undefined;
  readonly hint?: string | undefined;
  readonly unit?: string | undefined;
  /** Gets the ids that tie the control to its label and to what is said about it. */
  readonly children: (ids: { id: string; describedBy: string | undefined }) => ReactNode;
}

/** A labelled control with its unit, its hint and what is wrong with it. */
export function Field({ label, problem, hint, unit, children }: FieldProps) {
  const id = useId();
  const saying = problem ?? hint;
  const describedBy = saying === undefined ? undefined : `${id}-said`;
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <div className="field-box" data-wrong={problem !== undefined}>
        {children({ id, describedBy })}
        {unit !== undefined && <span className="field-unit">{unit}</span>}
      </div>
      {saying !== undefined && (
        <span id={describedBy} className={problem === undefined ? 'field-hint' : 'field-problem'}>
          {saying}
        </span>
      )}
    </div>
  );
}
