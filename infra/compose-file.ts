import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface ComposeService {
  image?: string;
  build?: { context: string; dockerfile: string; target: string };
  command?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  ports?: string[];
  healthcheck?: { test?: string[]; disable?: boolean };
  depends_on?: Record<string, { condition: string }>;
  profiles?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  mem_limit?: string;
  privileged?: boolean;
  user?: string;
}

export interface ComposeFile {
  services: Record<string, ComposeService>;
  volumes: Record<string, unknown>;
}

export const read = (path: string) => readFileSync(`${ROOT}${path}`, 'utf8');
export const exists = (path: string) => existsSync(`${ROOT}${path}`);
export const list = (path: string) => readdirSync(`${ROOT}${path}`);
export const readYaml = <Value>(path: string) => parse(read(path), { merge: true, strict: true }) as Value;

/** `NAME=value` lines of an env file. */
export function readEnv(path: string): Record<string, string> {
  const lines = read(path)
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

/** A `${NAME}`, `${NAME:-default}` or `${NAME:?message}` of the compose file. */
export interface Placeholder {
  name: string;
  default: string | undefined;
  required: boolean;
}

const PLACEHOLDER = /\$\{(?<name>[A-Z_]+)(?::(?<kind>[-?])(?<rest>[^}]*))?\}/g;

export function placeholders(text: string): Placeholder[] {
  return [...text.matchAll(PLACEHOLDER)].map(({ groups }) => ({
    name: groups?.name ?? '',
    default: groups?.kind === '-' ? groups.rest : undefined,
    required: groups?.kind === '?',
  }));
}

/** The text as compose would make it with these variables. */
export function interpolate(text: string, env: Readonly<Record<string, string>>): string {
  return text.replaceAll(PLACEHOLDER, (...match) => {
    const { name, rest } = match.at(-1) as { name: string; rest?: string };
    return env[name] || (rest ?? '');
  });
}

/** Names of all source files below `folder`, tests and generated ones left out. */
export function sourceFiles(folder: string): string[] {
  return list(folder).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (['node_modules', 'dist', 'fixtures', 'test'].includes(name)) return [];
    if (/\.tsx?$/.test(name)) return /\.test\.tsx?$/.test(name) ? [] : [path];
    return name.includes('.') ? [] : sourceFiles(path);
  });
}
