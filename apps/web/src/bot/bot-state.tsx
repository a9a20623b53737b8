import type { Bot } from '@onefeed/contracts';

export function BotState({ state }: { state: Bot['state'] }) {
  return (
    <span
      className={`badge ${state === 'running' ? 'badge-good' : ''}`}
      data-testid="bot-state"
      data-state={state}
    >
      {state === 'running' ? 'Running' : 'Stopped'}
    </span>
  );
}
