import { describe, expect, it } from 'vitest';
import { createStreamPositions } from './stream-positions.ts';

const at = (stream: string, seq: number, epoch = 'e') => ({ stream, epoch, seq });

describe('stream positions', () => {
  it('forgets the stream that was silent for longest when full', () => {
    const positions = createStreamPositions(2);
    positions.accept(at('a', 1));
    positions.accept(at('b', 1));
    positions.accept(at('a', 2));
    positions.accept(at('c', 1));
    expect(positions.size()).toBe(2);
    expect(positions.accept(at('a', 3))).toBe('contiguous');
    expect(positions.accept(at('b', 2))).toBe('gap');
  });
});
