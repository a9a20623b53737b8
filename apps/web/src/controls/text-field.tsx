import { Field } from './field.tsx';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'email' | 'password';
  readonly numeric?: boolean;
  readonly placeholder?: string;
  readonly autoComplete?: string;
  readonly unit?: string | undefined;
  readonly hint?: string | undefined;
  readonly problem?: string | undefined;
  readonly testId?: string;
}

export function TextField(props: TextFieldProps) {
  return (
    <Field label={props.label} problem={props.problem} hint={props.hint} unit={props.unit}>
      {({ id, describedBy }) => (
        <input
          id={id}
          className={props.numeric ? 'input input-number' : 'input'}
          type={props.type ?? 'text'}
          inputMode={props.numeric ? 'decimal' : undefined}
          value={props.value}
          placeholder={props.placeholder}
          autoComplete={props.autoComplete ?? 'off'}
          aria-invalid={props.problem !== undefined}
          aria-describedby={describedBy}
          data-testid={props.testId}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
