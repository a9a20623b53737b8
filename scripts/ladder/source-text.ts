/**
 * The source with comments (and, if asked, the contents of texts) blanked out. Line numbers stay. Good enough to
 * find names and imports; it is no parser.
 */
export function blankOut(source: string, what: { texts: boolean }): string {
  let out = '';
  let at = 0;
  let previous = '';
  const copy = (length: number) => {
    out += source.slice(at, at + length);
    at += length;
  };
  const blank = (end: number) => {
    out += source.slice(at, end).replace(/[^\n]/g, ' ');
    at = end;
  };
  while (at < source.length) {
    const two = source.slice(at, at + 2);
    const character = source.charAt(at);
    if (two === '//') {
      blank(endOf(source, '\n', at));
    } else if (two === '/*') {
      blank(Math.min(source.length, endOf(source, '*/', at + 2) + 2));
    } else if (character === '"' || character === "'" || character === '`') {
      const end = endOfText(source, at, character);
      if (what.texts && character !== '`') {
        copy(1);
        blank(end - 1);
        copy(1);
      } else {
        copy(end - at);
      }
      previous = character;
    } else if (character === '/' && /[(,=:[!&|?{};\n]/.test(previous)) {
      blank(endOfText(source, at, '/'));
      previous = '/';
    } else {
      if (!/\s/.test(character)) previous = character;
      copy(1);
    }
  }
  return out;
}

function endOf(source: string, mark: string, from: number): number {
  const found = source.indexOf(mark, from);
  return found === -1 ? source.length : found;
}

/** Behind the closing quote, slash or, for a broken text, the line's end. */
function endOfText(source: string, start: number, quote: string): number {
  for (let at = start + 1; at < source.length; at++) {
    const character = source.charAt(at);
    if (character === '\\') at++;
    else if (character === quote) return at + 1;
    else if (character === '\n' && quote !== '`') return at;
  }
  return source.length;
}

export interface Import {
  specifier: string;
  line: number;
}

const IMPORT = /(?:^|[^\w.$])(?:from|import)\s*\(?\s*(['"])([^'"\n]+)\1/g;

/** Every module that the source names: static, dynamic and type imports, re-exports. */
export function importsOf(source: string): Import[] {
  const text = blankOut(source, { texts: false });
  return [...text.matchAll(IMPORT)].map((match) => ({
    specifier: match[2] ?? '',
    line: lineAt(text, match.index + match[0].length),
  }));
}

export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
