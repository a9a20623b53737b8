import { useId } from 'react';

interface ChoicesProps<T extends string> {
  readonly label: string;
  readonly value: T | null;
  readonly options: readonly { readonly value: T; readonly label: string; readonly disabled?: boolean }[];
  readonly onChange: (value: T) => void;
  readonly testId?: string;
}

/** One of a few: a row of radio buttons that looks like a switch and keeps the arrow keys. */
export function Choices<T extends string>({ label, value, options, onChange, testId }: ChoicesProps<T>) {
  const name = useId();
  return (
    <fieldset className="choices" aria-label={label} data-testid={testId}>
      {options.map((option) => (
        <label key={option.value} className="choice">
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            disabled={option.disabled ?? false}
            onChange={() => onChange(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
