import type { StrategyProblem } from '@onefeed/contracts';

const SHOWN = 5;

/** Where a strategy's text is wrong: the line with a mark under the column, what is wrong, and the hint. */
export function StrategyProblems({ text, problems }: { text: string; problems: readonly StrategyProblem[] }) {
  const lines = text.split('\n');
  return (
    <ul className="problems">
      {problems.slice(0, SHOWN).map((problem) => {
        const line = lines[problem.line - 1] ?? '';
        return (
          <li key={`${problem.line}:${problem.column}:${problem.message}`} data-testid="strategy-problem">
            <span className="problem-place number">
              line {problem.line}, column {problem.column}
            </span>{' '}
            {problem.message}
            {problem.hint !== undefined && <em className="muted"> {problem.hint}</em>}
            <pre aria-hidden="true">
              {line}
              {'\n'}
              {' '.repeat(Math.max(0, problem.column - 1))}^
            </pre>
          </li>
        );
      })}
    </ul>
  );
}
