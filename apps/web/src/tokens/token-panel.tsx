import type { Position, Token } from '@onefeed/contracts';
import { useState } from 'react';
import { Choices } from '../controls/choices.tsx';
import { Empty } from '../controls/empty.tsx';
import { Figure } from '../controls/figure.tsx';
import { Panel } from '../controls/panel.tsx';
import { formatCompact } from '../format/amount.ts';
import { formatTime } from '../format/clock.ts';
import { shortInstrument } from '../format/instrument.ts';
import { curveProgress } from './token-list.ts';
import { orderTokens, type TokenOrder } from './token-order.ts';
import { useTokens } from './use-tokens.ts';

const SHOWN = 40;

/** What a pump.fun bot looks at: the latest tokens with their score and how far their curve is sold. */
export function TokenPanel({ positions }: { positions: readonly Position[] }) {
  const { tokens, ready } = useTokens();
  const [order, setOrder] = useState<TokenOrder>('newest');
  const held = new Set(positions.map((position) => position.instrument));
  return (
    <Panel
      title="New tokens"
      className="market"
      aside={
        <Choices
          label="Order of the tokens"
          value={order}
          options={[
            { value: 'newest', label: 'Newest' },
            { value: 'score', label: 'Best score' },
          ]}
          onChange={setOrder}
          testId="token-order"
        />
      }
    >
      {tokens.length === 0 ? (
        <Empty title={ready ? 'Waiting for the first token…' : 'Fetching tokens…'}>
          New tokens appear here the moment they are created.
        </Empty>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <section className="table-scroll token-scroll" tabIndex={0} aria-label="New tokens, scrolling">
          <table className="table" data-testid="tokens">
            <thead>
              <tr>
                <th scope="col">Token</th>
                <th scope="col">AI score</th>
                <th scope="col">Market cap, SOL</th>
                <th scope="col">Curve</th>
                <th scope="col">Created</th>
              </tr>
            </thead>
            <tbody>
              {orderTokens(tokens, order)
                .slice(0, SHOWN)
                .map((token) => (
                  <TokenRow key={token.mint} token={token} held={held.has(token.mint)} />
                ))}
            </tbody>
          </table>
        </section>
      )}
    </Panel>
  );
}

function TokenRow({ token, held }: { token: Token; held: boolean }) {
  const progress = Math.round(curveProgress(token) * 100);
  const cap = Number(token.marketCapSol);
  return (
    <tr data-testid="token-row" data-held={held}>
      <td title={`${token.name} ${token.mint}`}>
        <span className="token-symbol">{token.symbol.trim() || shortInstrument(token.mint)}</span>
        <span className="muted token-name">{token.name}</span>
        {held && <span className="badge badge-good">Held</span>}
        {token.untradeableReason !== null && <span className="badge badge-warn">No trading</span>}
      </td>
      <td>
        <Score score={token.aiScore} />
      </td>
      <td>
        <Figure value={cap} text={formatCompact(cap)} />
      </td>
      <td>
        {token.status === 'migrated' ? (
          <span className="badge badge-good">Migrated</span>
        ) : (
          <span className="token-meter">
            <meter min={0} max={100} value={progress} aria-label={`Curve of ${token.symbol} sold`} />
            <span className="number">{progress}%</span>
          </span>
        )}
      </td>
      <td className="number muted">{formatTime(token.createdAt)}</td>
    </tr>
  );
}

function Score({ score }: { score: number | null }) {
  if (score === null) return <span className="muted">–</span>;
  const tone = score >= 0.7 ? 'gain' : score >= 0.4 ? '' : 'muted';
  return <span className={`number ${tone}`}>{score.toFixed(2)}</span>;
}
