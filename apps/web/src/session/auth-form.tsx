import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Choices } from '../controls/choices.tsx';
import { ErrorNote } from '../controls/error-note.tsx';
import { TextField } from '../controls/text-field.tsx';
import { credentialProblems } from './credential-problems.ts';
import { useSessionStore } from './session-context.ts';

type Mode = 'register' | 'login';

interface AuthFormProps {
  /** Leaves out the choice to register. */
  readonly loginOnly?: boolean;
  readonly initialMode?: Mode;
}

/** Registers or logs in; what is wrong is said beside the field once the person tried. */
export function AuthForm({ loginOnly = false, initialMode = 'register' }: AuthFormProps) {
  const store = useSessionStore();
  const [mode, setMode] = useState<Mode>(loginOnly ? 'login' : initialMode);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const problems = credentialProblems(email, password);
  const enter = useMutation({
    mutationFn: () => store[mode]({ email: email.trim(), password }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!problems.email && !problems.password) enter.mutate();
  };
  const chooseMode = (next: Mode) => {
    setMode(next);
    enter.reset();
  };
  return (
    <form className="auth-form" onSubmit={submit} noValidate data-testid={`${mode}-form`}>
      {!loginOnly && (
        <Choices
          label="Account"
          value={mode}
          testId="auth-mode"
          options={[
            { value: 'register', label: 'Create account' },
            { value: 'login', label: 'Log in' },
          ]}
          onChange={chooseMode}
        />
      )}
      <TextField
        label="E-mail"
        type="email"
        autoComplete="username"
        placeholder="you@example.com"
        value={email}
        onChange={setEmail}
        problem={tried ? problems.email : undefined}
        testId="auth-email"
      />
      <TextField
        label="Password"
        type="password"
        autoComplete={mode === 'register' ? 'new-password' : 'current-password'}
        value={password}
        onChange={setPassword}
        problem={tried ? problems.password : undefined}
        hint={mode === 'register' ? 'At least 10 characters.' : undefined}
        testId="auth-password"
      />
      <ErrorNote error={enter.error} />
      <button
        type="submit"
        className="button button-primary"
        disabled={enter.isPending}
        data-testid="auth-submit"
      >
        {enter.isPending ? 'One moment…' : mode === 'register' ? 'Create account' : 'Log in'}
      </button>
    </form>
  );
}
