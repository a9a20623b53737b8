import type { MouseEvent, ReactNode } from 'react';
import { navigate, usePath } from './path.ts';

/** A link within the app; modified clicks (new tab, download) keep the browser's own meaning. */
export function Link({ to, className, children }: { to: string; className?: string; children: ReactNode }) {
  const path = usePath();
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a href={to} className={className} onClick={follow} aria-current={path === to ? 'page' : undefined}>
      {children}
    </a>
  );
}
