import type { KillSwitch } from '@onefeed/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ErrorNote } from '../controls/error-note.tsx';
import { useClient } from '../session/session-context.ts';

/** Stops new entries, or everything, on the whole platform. */
export function KillSwitchPanel({ killSwitch }: { killSwitch: KillSwitch | undefined }) {
  const client = useClient();
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (next: KillSwitch) => client.setKillSwitch(next),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['adminOverview'] }),
  });
  if (!killSwitch) return null;
  const toggle = (part: keyof KillSwitch, question: string) => {
    if (killSwitch[part] || window.confirm(question))
      change.mutate({ ...killSwitch, [part]: !killSwitch[part] });
  };
  return (
    <section className="neon-panel neon-kill" aria-label="Kill switch">
      <h2>Kill switch</h2>
      <button
        type="button"
        role="switch"
        aria-checked={killSwitch.entries}
        disabled={change.isPending}
        onClick={() => toggle('entries', 'Refuse new positions for every bot?')}
        data-testid="kill-entries"
      >
        <span>New entries</span>
        <strong>{killSwitch.entries ? 'stopped' : 'allowed'}</strong>
      </button>
      <button
        type="button"
        role="switch"
        aria-checked={killSwitch.everything}
        disabled={change.isPending}
        onClick={() =>
          toggle('everything', 'Stop everything, exits included? Open positions will not be protected.')
        }
        data-testid="kill-everything"
      >
        <span>Everything, exits too</span>
        <strong>{killSwitch.everything ? 'stopped' : 'allowed'}</strong>
      </button>
      <ErrorNote error={change.error} />
    </section>
  );
}
