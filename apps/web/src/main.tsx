import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/bot.css';
import './styles/form.css';
import './styles/admin.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { retryQuery } from './live/retry-query.ts';
import { SessionContext } from './session/session-context.ts';
import { createSessionStore } from './session/session-store.ts';

const store = createSessionStore(window.localStorage);
void store.restore();

const queries = new QueryClient({
  defaultOptions: { queries: { retry: retryQuery, staleTime: 2_000, gcTime: 60_000 } },
});

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <SessionContext value={store}>
        <QueryClientProvider client={queries}>
          <App />
        </QueryClientProvider>
      </SessionContext>
    </StrictMode>,
  );
}
