/** The benchmark's venue runs faster than the wall clock, so that minutes close within a round. */
export const VENUE_SPEED = 6;

export const toVenueTime = (wallMs: number, startedAt: number): number =>
  Math.floor(startedAt + (wallMs - startedAt) * VENUE_SPEED);
export const toWallTime = (venueMs: number, startedAt: number): number =>
  startedAt + (venueMs - startedAt) / VENUE_SPEED;
