import { lazy, Suspense } from 'react';
import { Landing } from './landing.tsx';
import { usePath } from './routing/path.ts';

const BotPage = lazy(async () => ({ default: (await import('./bot/bot-page.tsx')).BotPage }));
const AdminPage = lazy(async () => ({ default: (await import('./admin/admin-page.tsx')).AdminPage }));
const StreamsPage = lazy(async () => ({ default: (await import('./streams/streams-page.tsx')).StreamsPage }));

/** One page per path; each is loaded when first shown. */
export function App() {
  const path = usePath();
  return (
    <Suspense fallback={<div className="loading" role="status" aria-label="Loading" />}>
      {pageAt(path)}
    </Suspense>
  );
}

function pageAt(path: string) {
  switch (path) {
    case '/bot':
      return <BotPage />;
    case '/admin':
      return <AdminPage />;
    case '/admin/ws-stats':
      return <StreamsPage />;
    default:
      return <Landing lost={path !== '/'} />;
  }
}
