/** Counts of one venue's feed over the life of the process, for the status page. */
export interface FeedTotals {
  frames: number;
  badFrames: number;
  /** Wall clock, ms; 0 before the first frame. */
  lastFrameAt: number;
}

export const createFeedTotals = (): FeedTotals => ({ frames: 0, badFrames: 0, lastFrameAt: 0 });
