import { useEffect, useRef } from 'react';

interface FigureProps {
  /** The number behind the text; a change of it flashes. */
  readonly value: number;
  readonly text: string;
  /** Colour by sign instead of the surrounding colour. */
  readonly signed?: boolean;
  readonly testId?: string;
}

const FLASH_MS = 700;

/** A number that flashes green or red when it moves, so that the eye finds what has changed. */
export function Figure({ value, text, signed, testId }: FigureProps) {
  const element = useRef<HTMLSpanElement>(null);
  const last = useRef(value);
  useEffect(() => {
    const before = last.current;
    last.current = value;
    if (before === value || !Number.isFinite(before) || !Number.isFinite(value)) return;
    if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const colour = value > before ? 'rgb(61 220 151 / 38%)' : 'rgb(255 123 134 / 38%)';
    element.current?.animate([{ backgroundColor: colour }, { backgroundColor: 'transparent' }], FLASH_MS);
  }, [value]);
  const tone = !signed || value === 0 ? '' : value > 0 ? ' gain' : ' loss';
  return (
    <span ref={element} className={`number figure${tone}`} data-testid={testId}>
      {text}
    </span>
  );
}
