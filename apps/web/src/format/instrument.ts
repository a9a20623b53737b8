/** A token's mint is 44 letters: its ends are enough to tell it apart. Symbols are kept. */
export function shortInstrument(instrument: string): string {
  return instrument.length > 14 ? `${instrument.slice(0, 4)}…${instrument.slice(-4)}` : instrument;
}
