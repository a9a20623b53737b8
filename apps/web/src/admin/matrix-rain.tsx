import { useEffect, useRef } from 'react';
import { startRain } from './rain.ts';

/** Falling glyphs behind the dashboard. Decoration only: hidden from readers, still without motion. */
export function MatrixRain() {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => (canvas.current ? startRain(canvas.current) : undefined), []);
  return (
    <div aria-hidden="true">
      <canvas ref={canvas} className="rain" data-testid="matrix-rain" />
    </div>
  );
}
