import type { SocketState } from '@onefeed/client';
import { useSocketState } from './use-socket-state.ts';

const WORDS: Readonly<Record<SocketState, { text: string; tone: string }>> = {
  idle: { text: 'Offline', tone: '' },
  connecting: { text: 'Connecting…', tone: 'badge-warn' },
  open: { text: 'Live', tone: 'badge-good' },
  waiting: { text: 'Reconnecting…', tone: 'badge-warn' },
  closed: { text: 'Offline', tone: 'badge-bad' },
};

/** Whether what is on the screen is live. */
export function LiveBadge() {
  const { text, tone } = WORDS[useSocketState()];
  return (
    <span className={`badge ${tone}`} role="status" data-testid="live-state">
      {text}
    </span>
  );
}
