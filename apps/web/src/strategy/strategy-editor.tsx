import { useId } from 'react';
import { ErrorNote } from '../controls/error-note.tsx';
import { StrategyProblems } from './strategy-problems.tsx';
import type { Validation } from './use-validation.ts';

interface StrategyEditorProps {
  readonly text: string;
  readonly validation: Validation;
  readonly problem: string | undefined;
  readonly onText: (text: string) => void;
}

const EXAMPLE = `timeframe 5m
entry crossover(ema(close, 9), ema(close, 21)) and rsi(close, 14) < 70
exit  crossunder(ema(close, 9), ema(close, 21))`;

/** A strategy's text, checked while it is typed. */
export function StrategyEditor({ text, validation, problem, onText }: StrategyEditorProps) {
  const id = useId();
  const { answer, pending, error } = validation;
  const wrong = answer !== null && !answer.valid;
  return (
    <div className="editor">
      <label className="visually-hidden" htmlFor={id}>
        Strategy text
      </label>
      <textarea
        id={id}
        className="source editor-text"
        rows={7}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        value={text}
        placeholder={EXAMPLE}
        aria-invalid={wrong || problem !== undefined}
        aria-describedby={`${id}-state`}
        onChange={(event) => onText(event.target.value)}
        data-testid="strategy-text"
      />
      <div id={`${id}-state`} aria-live="polite" data-testid="strategy-check">
        {answer?.valid && (
          <span className={`badge ${pending ? '' : 'badge-good'}`}>
            {pending
              ? 'Checking…'
              : answer.kind === 'token'
                ? 'Compiles: trades new tokens'
                : 'Compiles: trades coins'}
          </span>
        )}
        {wrong && <StrategyProblems text={text} problems={answer.problems} />}
        {text.trim() === '' && (
          <button type="button" className="button button-quiet" onClick={() => onText(EXAMPLE)}>
            Start from an example
          </button>
        )}
        {problem !== undefined && <p className="field-problem">{problem}</p>}
      </div>
      <ErrorNote error={error} />
    </div>
  );
}
