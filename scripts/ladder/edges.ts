const EVERY_PACKAGE = [
  'contracts',
  'domain',
  'venues',
  'db',
  'bus',
  'service-kit',
  'client',
  'local-postgres',
] as const;

/**
 * The ladder: which packages of this repository each package may use. An app may use every package (but no app);
 * the web app only what a browser may know.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  contracts: [],
  domain: ['contracts'],
  venues: ['contracts', 'domain'],
  db: ['contracts', 'domain'],
  bus: ['contracts'],
  'service-kit': ['contracts'],
  client: ['contracts'],
  'local-postgres': [],
  testkit: ['contracts', 'local-postgres'],
  web: ['client', 'contracts'],
};
/** They look at the platform from outside, as a whole. */
const UNBOUND = new Set(['e2e', 'bench', 'chaos']);

/** A workspace package, by folder name (`domain`) and kind. */
export interface Place {
  name: string;
  kind: 'app' | 'package';
}

export function isUnbound({ name }: Place): boolean {
  return UNBOUND.has(name);
}

/** Whether code of `from` may use the package `to`; tests may also use the test kit. */
export function mayUse(from: Place, to: string, inTest: boolean): boolean {
  if (isUnbound(from) || to === from.name) return true;
  if (inTest && to === 'testkit') return true;
  const allowed = ALLOWED[from.name] ?? (from.kind === 'app' ? EVERY_PACKAGE : []);
  return allowed.includes(to);
}

/** What `from` may use, for the message. */
export function allowedText(from: Place): string {
  const allowed = ALLOWED[from.name] ?? (from.kind === 'app' ? EVERY_PACKAGE : []);
  return allowed.length === 0 ? 'nothing of this repository' : `only ${allowed.join(', ')}`;
}
