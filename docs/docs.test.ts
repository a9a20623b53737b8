import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createEngineMetrics } from '../apps/analysis-engine/src/metrics.ts';
import { createApiMetrics } from '../apps/api/src/metrics.ts';
import { createRunnerMetrics } from '../apps/bot-runner/src/metrics.ts';
import { createFeedMetrics } from '../apps/feed-gateway/src/metrics.ts';
import { createPumpMetrics } from '../apps/feed-gateway/src/pumpfun/metrics.ts';
import { createSimMetrics } from '../apps/market-sim/src/sim-metrics.ts';
import { createBusMetrics } from '../packages/bus/src/metrics.ts';
import { REFUSAL_CODES } from '../packages/contracts/src/index.ts';
import {
  BUILT_IN_STRATEGIES,
  createGraph,
  createHandWeightedPredictor,
  createTokenAnalysis,
  formatStrategy,
  INDICATORS,
  type IndicatorDefinition,
  parseStrategy,
  STRATEGY_LIMITS,
  TOKEN_FIELDS,
  warmUpOf,
} from '../packages/domain/src/index.ts';
import { createKit, type Kit } from '../packages/service-kit/src/index.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** Paths of all files under a folder for which `wanted` is true, from the root. */
function filesUnder(folder: string, wanted: (path: string) => boolean): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory())
      return /^(node_modules|dist|\.turbo)$/.test(entry.name) ? [] : filesUnder(path, wanted);
    return wanted(path) ? [path] : [];
  });
}

const bare = (cell: string) =>
  cell
    .trim()
    .replaceAll('\\|', '|')
    .replace(/^`([^`]*)`$/, '$1');

/** Rows of the table whose heading row begins with `first`, as objects by heading. Throws when there is none. */
function tableOf(path: string, first: string): Record<string, string>[] {
  const lines = read(path).split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${first} |`));
  if (start < 0) throw new Error(`${path} has no table that begins with "${first}"`);
  const cells = (line: string) =>
    line
      .trim()
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map(bare);
  const headings = cells(lines[start] ?? '');
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines
    .slice(start + 2, end < 0 ? lines.length : end)
    .map((line) => Object.fromEntries(cells(line).map((cell, index) => [headings[index] ?? '', cell])));
}

function fences(path: string, language: string): string[] {
  const blocks = read(path).matchAll(/^```(\S*)[^\n]*\n([\s\S]*?)^```$/gm);
  return [...blocks].filter((block) => block[1] === language).map((block) => block[2] ?? '');
}

const words = (cell: string | undefined) => [...(cell ?? '').matchAll(/[\w-]+/g)].map(([word]) => word);
const sorted = (names: Iterable<string>) => [...names].toSorted();
/** The first number of a text: `20,000 tokens` is 20000. */
const numberIn = (text: string | undefined) =>
  Number(/-?[\d,]*\.?\d+/.exec(text ?? '')?.[0].replaceAll(',', '') ?? Number.NaN);

describe('STRATEGIES.md', () => {
  const page = 'docs/STRATEGIES.md';
  const examples = fences(page, 'strategy');
  const mistakes = fences(page, 'strategy-error');

  it('has examples of both kinds', () => {
    expect(examples.length).toBeGreaterThan(5);
    expect(mistakes.length).toBeGreaterThan(5);
  });

  it.each(examples)('compiles: %s', (source) => {
    const result = parseStrategy(source);
    if (!result.ok) throw new Error(JSON.stringify(result.errors));
    const { strategy } = result;
    const ruleKey = formatStrategy(strategy);
    if (strategy.kind === 'token') {
      const analysis = createTokenAnalysis({ predictor: createHandWeightedPredictor() });
      analysis.addRule({ ruleKey, strategy });
      expect(analysis.stats().nodes).toBeGreaterThan(0);
    } else {
      const graph = createGraph();
      graph.addRule({ ruleKey, strategy, venue: 'binance', instrument: 'BTCUSDT' });
      expect(graph.stats()).toMatchObject({ rules: 1 });
      const told = /# warm-up: (.*)/.exec(source)?.[1];
      const needed = [...warmUpOf(strategy)].map(([timeframe, candles]) => `${candles} of ${timeframe}`);
      if (told !== undefined) expect(sorted(told.split(', '))).toEqual(sorted(needed));
    }
  });

  it.each(mistakes)('is refused as told: %s', (source) => {
    const told = [...source.matchAll(/^# => (.*)$/gm)].map((match) => match[1]);
    const result = parseStrategy(source.replace(/^# => .*\n/gm, '').trimEnd());
    const errors = result.ok ? [] : result.errors;
    expect(errors).not.toEqual([]);
    expect(told).toEqual(
      errors.map(
        ({ line, column, message, hint }) => `${line}:${column} ${message}${hint ? ` (${hint})` : ''}`,
      ),
    );
  });

  it('has every indicator with its settings, values and warm-up', () => {
    const rows = tableOf(page, 'indicator');
    const definitions = Object.entries<IndicatorDefinition>(INDICATORS);
    const described = definitions.map(([name, { input, settings, outputs }]) => {
      const written = settings.map((one) =>
        one.default === undefined ? one.name : `${one.name} = ${one.default}`,
      );
      return {
        indicator: `${name}(${[...(input === 'series' ? ['x'] : []), ...written].join(', ')})`,
        values: outputs.map((output) => `.${output}`).join(' '),
        warmUps: (outputs.length === 0 ? [null] : outputs).map((output) =>
          definitions
            .find(([other]) => other === name)?.[1]
            .warmup(
              settings.map((one) => one.default ?? 20),
              output,
            ),
        ),
      };
    });
    expect(
      rows.map((row) => ({
        indicator: row.indicator,
        values: (row.values ?? '').replaceAll('`', ''),
        warmUps: [...(row['warm-up of the example'] ?? '').matchAll(/\d+/g)].map(([digits]) =>
          Number(digits),
        ),
      })),
    ).toEqual(described);
  });

  it('has every token field with its unit and type', () => {
    const rows = tableOf(page, 'field');
    expect(rows.map(({ field, unit, meaning }) => [field, unit, meaning])).toEqual(
      Object.entries(TOKEN_FIELDS).map(([name, { type, unit, description }]) => [
        name,
        type === 'boolean' ? 'true or false' : unit,
        description,
      ]),
    );
  });

  it('has the limits of the code', () => {
    const rows = tableOf(page, 'limit');
    expect(Object.fromEntries(rows.map((row) => [row.limit, Number(row.most?.replaceAll(',', ''))]))).toEqual(
      STRATEGY_LIMITS,
    );
  });

  it('has every built-in strategy with its kind', () => {
    const rows = tableOf(page, 'built-in');
    const parsed = BUILT_IN_STRATEGIES.map(({ name, source }) => {
      const result = parseStrategy(source);
      if (!result.ok) throw new Error(name);
      return [name, result.strategy.kind === 'token' ? 'tokens' : result.strategy.timeframe];
    });
    expect(rows.map((row) => [row['built-in'], row.on])).toEqual(parsed);
  });
});

describe('DEPLOYMENT.md', () => {
  const page = 'docs/DEPLOYMENT.md';
  const apps = readdirSync(join(ROOT, 'apps')).filter((app) =>
    existsSync(join(ROOT, `apps/${app}/src/config.ts`)),
  );
  const shown = (value: unknown) => (Array.isArray(value) ? value.join(',') : String(value));

  it('names every variable of every process, who reads it and its default; and no other', async () => {
    const real = new Map<string, { readers: Set<string>; default: string }>();
    const note = (name: string, reader: string, value: string) => {
      const known = real.get(name) ?? { readers: new Set(), default: value };
      known.readers.add(reader);
      real.set(name, known);
    };
    for (const app of apps) {
      const module: Record<string, unknown> = await import(`../apps/${app}/src/config.ts`);
      const schema = Object.entries(module).find(
        ([name, value]) => name.endsWith('Config') && (value as { type?: string }).type === 'object',
      )?.[1] as { properties: Record<string, unknown>; required?: string[] } | undefined;
      if (!schema) continue;
      for (const [name, property] of Object.entries(schema.properties)) {
        const { default: value } = property as { default?: unknown };
        const needed = schema.required?.includes(name) ? 'required' : 'none';
        note(name, app, name === 'INTERNAL_PORT' ? 'see ports' : value === undefined ? needed : shown(value));
      }
    }
    const rows = tableOf(page, 'variable');
    expect(sorted(rows.map((row) => row.variable ?? ''))).toEqual(sorted(real.keys()));
    for (const row of rows) {
      const known = real.get(row.variable ?? '');
      expect([row.variable, ...sorted(words(row['read by']))]).toEqual([
        row.variable,
        ...sorted(known?.readers ?? []),
      ]);
      const isEmpty = row.default === '' || row.default === 'empty';
      expect([row.variable, isEmpty ? '' : row.default]).toEqual([row.variable, known?.default]);
    }
  });

  it('names every variable that npm start itself reads, and no other', () => {
    const source = read('apps/all-in-one/src/config.ts') + read('apps/all-in-one/src/services.ts');
    const real = [...source.matchAll(/(?:\bread|given)\((?:config, )?'([A-Z_]+)'\)/g)].map(
      (match) => match[1] ?? '',
    );
    expect(sorted(tableOf(page, 'npm start reads').map((row) => row['npm start reads'] ?? ''))).toEqual(
      sorted(new Set(real.filter((name) => !/^(INIT_CWD|NODE_COMPILE_CACHE)$/.test(name)))),
    );
  });

  it('tells the internal ports that the code has', () => {
    const rows = tableOf(page, 'process');
    const real = apps
      .map((app) => [
        app,
        /internalPort: ([\d_]+)/.exec(read(`apps/${app}/src/main.ts`))?.[1]?.replace('_', ''),
      ])
      .filter((pair) => pair[1] !== undefined);
    expect(sorted(rows.map((row) => `${row.process} ${row['internal port']}`))).toEqual(
      sorted(real.map(([app, port]) => `${app} ${port}`)),
    );
  });
});

describe('MONITORING.md', () => {
  const page = 'docs/MONITORING.md';

  it('has every metric with its type and labels, and no other', () => {
    const { metrics: registry } = createKit({ service: 'docs', logLevel: 'silent' });
    const ofNode = new Set(registry.getMetricsAsArray().map(({ name }) => name));
    registerAll(registry);
    const ours = registry.getMetricsAsArray().filter(({ name }) => !ofNode.has(name));
    // Private to its module; it has no labels.
    const ready = /name: '(onefeed_process_ready)'/.exec(
      read('packages/service-kit/src/run-process.ts'),
    )?.[1];
    const real = ours.map((metric) => {
      const { type, labelNames = [] } = metric as unknown as { type: string; labelNames?: string[] };
      return `${metric.name} ${type} ${sorted(labelNames).join(' ')}`.trim();
    });
    const rows = tableOf(page, 'metric');
    expect(
      sorted(rows.map((row) => `${row.metric} ${row.type} ${sorted(words(row.labels)).join(' ')}`.trim())),
    ).toEqual(sorted([...real, `${ready} gauge`]));
  });

  it('knows every file that makes metrics', () => {
    const makers = ['apps', 'packages'].flatMap((folder) =>
      filesUnder(
        folder,
        (path) =>
          /\.ts$/.test(path) && !/test\.ts$/.test(path) && /new (Counter|Gauge|Histogram)\(/.test(read(path)),
      ),
    );
    expect(sorted(makers)).toEqual([
      'apps/analysis-engine/src/metrics.ts',
      'apps/api/src/metrics.ts',
      'apps/bot-runner/src/metrics.ts',
      'apps/feed-gateway/src/metrics.ts',
      'apps/feed-gateway/src/pumpfun/metrics.ts',
      'apps/market-sim/src/sim-metrics.ts',
      'packages/bus/src/metrics.ts',
      'packages/service-kit/src/run-process.ts',
    ]);
  });

  it('tells what to do on every alert that is shipped, and on no other', () => {
    const { groups } = parse(read('infra/prometheus/alerts.yml')) as {
      groups: { rules: { alert: string; labels: { severity: string } }[] }[];
    };
    expect(tableOf(page, 'alert').map((row) => [row.alert, row.severity])).toEqual(
      groups.flatMap(({ rules }) => rules.map(({ alert, labels }) => [alert, labels.severity])),
    );
  });

  function registerAll(registry: Kit['metrics']): void {
    createEngineMetrics(registry, () => null);
    createFeedMetrics(registry, () => 0);
    createPumpMetrics(registry);
    createRunnerMetrics(registry);
    createApiMetrics(registry).watch({ sessions: () => new Set(), subscriptions: () => 0 });
    createSimMetrics(registry);
    createBusMetrics(registry);
  }
});

describe('SCALING.md', () => {
  it('has bounds that the code has', () => {
    const rows = tableOf('docs/SCALING.md', 'bounded');
    expect(rows.length).toBeGreaterThan(30);
    for (const row of rows) {
      const [path = '', name = ''] = (row.where ?? '').split(' ');
      const expression = new RegExp(`\\b${name}(?:(?:: [^=\\n]*)? = |: )([\\d_]+(?: \\* [\\d_]+)*)`).exec(
        read(path),
      )?.[1];
      const value = expression
        ?.split(' * ')
        .reduce((product, factor) => product * Number(factor.replaceAll('_', '')), 1);
      expect([row.where, numberIn(row.most)]).toEqual([row.where, value]);
    }
  });
});

describe('TROUBLESHOOTING.md', () => {
  /** Code and scripts as one text, with strings that are written in pieces joined. */
  const code = ['apps', 'packages', 'scripts']
    .flatMap((folder) =>
      filesUnder(folder, (path) => /\.(ts|tsx|mjs)$/.test(path) && !/test\.tsx?$/.test(path)),
    )
    .map(read)
    .join('\n')
    .replace(/['`]\s*\+\s*['`]/g, '')
    .replaceAll('\\`', '`');

  it('quotes messages that the code has', () => {
    const quoted = fences('docs/TROUBLESHOOTING.md', 'message').flatMap((block) => block.trim().split('\n'));
    expect(quoted.length).toBeGreaterThan(30);
    const missing = quoted
      .flatMap((line) => line.split('…'))
      .map((piece) => piece.trim())
      .filter((piece) => piece.length > 2 && !code.includes(piece));
    expect(missing).toEqual([]);
  });

  it('explains every refusal, in the order of the catalogue', () => {
    expect(tableOf('docs/TROUBLESHOOTING.md', 'refusal').map((row) => row.refusal)).toEqual([
      ...REFUSAL_CODES,
    ]);
  });

  it('quotes log lines that the code has', () => {
    const lines = tableOf('docs/TROUBLESHOOTING.md', 'line').flatMap((row) =>
      row.line?.includes('`')
        ? [...row.line.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')
        : [row.line ?? ''],
    );
    expect(lines.filter((line) => !code.includes(line))).toEqual([]);
  });

  it('quotes reasons of /readyz that the code has', () => {
    const reasons = tableOf('docs/TROUBLESHOOTING.md', 'reason').flatMap((row) =>
      row.reason?.includes('`')
        ? [...row.reason.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')
        : [row.reason ?? ''],
    );
    const pieces = reasons
      .flatMap((reason) => reason.split('…'))
      .map((piece) => piece.replace(/^(binance|pumpfun)?:/, '').trim());
    expect(pieces.filter((piece) => piece.length > 2 && !code.includes(piece))).toEqual([]);
  });
});

describe('links', () => {
  const pages = ['README.md', ...filesUnder('docs', (path) => path.endsWith('.md'))];
  const anchorOf = (heading: string) =>
    heading
      .replaceAll('`', '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
  const anchorsOf = (path: string) =>
    [...readFileSync(path, 'utf8').matchAll(/^#{1,6} (.*)$/gm)].map((match) => anchorOf(match[1] ?? ''));

  it.each(pages)('%s points to what exists', (page) => {
    const text = read(page).replace(/^```[\s\S]*?^```$/gm, '');
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
    const broken = links
      .filter((link) => !/^(https?:|mailto:)/.test(link))
      .filter((link) => {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? join(ROOT, page) : resolve(ROOT, dirname(page), path);
        if (relative(ROOT, target).startsWith('..') || !existsSync(target)) return true;
        return anchor !== undefined && !anchorsOf(target).includes(anchor);
      });
    expect(broken).toEqual([]);
  });
});
