import { AuthForm } from '../session/auth-form.tsx';

/** What visitors see on `/bot`. */
export function Welcome() {
  return (
    <main className="welcome">
      <div className="welcome-words">
        <h1>Run a trading bot in a minute.</h1>
        <p className="muted">
          Choose a strategy, say how much to risk and when to sell. The bot trades with paper money on live
          prices, and you watch every signal, order and profit as it happens.
        </p>
        <ul className="welcome-points">
          <li>Coins on Binance, fresh tokens on pump.fun</li>
          <li>Ready-made strategies, or your own in a few lines</li>
          <li>Take profit, ladders, trailing stops, time limits</li>
        </ul>
      </div>
      <section className="panel welcome-form" aria-label="Account">
        <AuthForm />
      </section>
    </main>
  );
}
