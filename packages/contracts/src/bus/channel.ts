/** The bus's channels. One LISTEN connection per process listens on those it needs. */
export const CHANNELS = ['market', 'signals', 'bots', 'control'] as const;
export type Channel = (typeof CHANNELS)[number];
