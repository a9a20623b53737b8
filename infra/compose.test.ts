import { describe, expect, it } from 'vitest';
import { createKit, readConfig } from '../packages/service-kit/src/index.ts';
import {
  type ComposeFile,
  type ComposeService,
  exists,
  interpolate,
  list,
  placeholders,
  read,
  readEnv,
  readYaml,
  sourceFiles,
} from './compose-file.ts';

const composeText = read('docker-compose.yml');
const compose = readYaml<ComposeFile>('docker-compose.yml');
const dockerfile = read('infra/Dockerfile');
const example = readEnv('.env.example');
const demo = readEnv('infra/demo.env');
/** What an operator would have filled in. */
const filledIn = Object.fromEntries(
  Object.entries(example).map(([name, value]) => [
    name,
    value || (/^(ADMIN|ALLOWED|PUMPPORTAL|SOLANA)_/.test(name) ? '' : 'x'.repeat(32)),
  ]),
);

const entryOf = (service: ComposeService) => service.command?.[0] ?? '';
/** Services that run one of the apps, by name of the app. */
const apps = Object.entries(compose.services).flatMap(([name, service]) => {
  const app = /^apps\/([\w-]+)\/src\/main\.ts$/.exec(entryOf(service))?.[1];
  return app ? [{ name, app, service }] : [];
});
const images = Object.entries(compose.services).filter(([, service]) => service.build);

function environmentOf(service: ComposeService, env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(service.environment ?? {}).map(([name, value]) => [name, interpolate(String(value), env)]),
  );
}

async function configSchema(app: string) {
  const module: Record<string, unknown> = await import(`../apps/${app}/src/config.ts`);
  const schemas = Object.entries(module).filter(
    ([name, value]) => name.endsWith('Config') && (value as { type?: string }).type === 'object',
  );
  expect(schemas, `config schemas of ${app}`).toHaveLength(1);
  return schemas[0]?.[1] as Parameters<typeof readConfig>[0];
}

describe('docker-compose.yml', () => {
  it('runs every app of the platform, each under its own name', () => {
    const processes = list('apps').filter((app) => !['web', 'all-in-one'].includes(app));
    expect(apps.map(({ app }) => app).toSorted()).toEqual(processes.toSorted());
    for (const { name, app } of apps) expect(name).toBe(app);
  });

  it('keeps the simulator out of a real installation', () => {
    expect(compose.services['market-sim']?.profiles).toEqual(['demo']);
    expect(Object.values(compose.services).filter((service) => service.profiles)).toHaveLength(1);
  });

  it.each(images)('%s runs a program of the image, confined', (_name, service) => {
    expect(exists(entryOf(service))).toBe(true);
    expect(service.build?.context).toBe('.');
    expect(exists(service.build?.dockerfile ?? '')).toBe(true);
    expect(dockerfile).toMatch(new RegExp(`^FROM .* AS ${service.build?.target}$`, 'm'));
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  });

  it.each(Object.entries(compose.services))(
    '%s has a limit, a pinned image, and what it names exists',
    (_name, service) => {
      expect(service.mem_limit).toMatch(/^\d+[mg]$/);
      expect(service.privileged).toBeUndefined();
      expect(service.security_opt).toContain('no-new-privileges:true');
      if (!service.build) expect(service.image).toMatch(/:v?\d+\.\d+/);
      for (const volume of service.volumes ?? []) {
        const [source = '', , mode] = volume.split(':');
        if (source.startsWith('./')) {
          expect(exists(source.slice(2)), source).toBe(true);
          expect(mode).toBe('ro');
        } else {
          expect(Object.keys(compose.volumes)).toContain(source);
        }
      }
      for (const [dependency, { condition }] of Object.entries(service.depends_on ?? {})) {
        const other = compose.services[dependency];
        expect(other, dependency).toBeDefined();
        if (condition === 'service_healthy') expect(other?.healthcheck?.test).toBeDefined();
      }
    },
  );

  it.each(Object.entries(compose.services))(
    '%s has a healthcheck that asks what the service serves',
    (name, service) => {
      if (name === 'migrate') return void expect(service.healthcheck).toMatchObject({ disable: true });
      const test = service.healthcheck?.test ?? [];
      expect(test[0]).toBe('CMD');
      if (service.build) {
        expect(test.slice(1)).toEqual(['node', 'infra/healthcheck.mjs']);
        expect(exists('infra/healthcheck.mjs')).toBe(true);
      } else {
        const port = /127\.0\.0\.1:(\d+)/.exec(test.join(' '))?.[1];
        if (port) expect(service.ports?.map((mapping) => mapping.split(':').at(-1))).toContain(port);
      }
    },
  );

  it.each(apps)(
    '$name has the internal port the code says, reachable in the network and not published',
    ({ app, service }) => {
      const port = /internalPort: ([\d_]+)/.exec(read(`apps/${app}/src/main.ts`))?.[1]?.replace('_', '');
      expect(service.environment?.INTERNAL_PORT).toBe(port);
      expect(service.environment?.INTERNAL_HOST).toBe('0.0.0.0');
      expect(service.ports?.some((mapping) => mapping.endsWith(`:${port}`)) ?? false).toBe(false);
    },
  );

  it.each(apps)(
    '$name gets an environment that it accepts, and nothing it does not read',
    async ({ app, service }) => {
      const schema = await configSchema(app);
      const known = Object.keys(schema.properties);
      expect(Object.keys(service.environment ?? {}).filter((name) => !known.includes(name))).toEqual([]);
      for (const env of [filledIn, { ...filledIn, ...demo }]) {
        expect(() => readConfig(schema, environmentOf(service, env))).not.toThrow();
      }
    },
  );

  it('publishes the api where it listens, and the simulator where the demo looks for it', () => {
    const { api, 'market-sim': simulator } = compose.services;
    expect(api?.ports).toEqual([`\${PORT:-${api?.environment?.PORT}}:${api?.environment?.PORT}`]);
    for (const [name, value] of Object.entries(demo)) {
      if (name !== 'COMPOSE_PROFILES') {
        expect(new URL(value).host).toBe(`market-sim:${simulator?.environment?.SIM_PORT}`);
      }
    }
  });

  it('hands secrets only to who needs them, and only this machine may see the operator tools', () => {
    const holders = (name: string) =>
      Object.entries(compose.services).flatMap(([service, { environment }]) =>
        environment?.[name] ? [service] : [],
      );
    expect(holders('JWT_SECRET')).toEqual(['api']);
    expect(holders('ADMIN_PASSWORD')).toEqual(['api']);
    expect(holders('PUMPPORTAL_API_KEY')).toEqual(['feed-gateway']);
    expect(compose.services.postgres?.ports).toBeUndefined();
    for (const name of ['prometheus', 'grafana']) {
      expect(compose.services[name]?.ports?.every((mapping) => mapping.startsWith('127.0.0.1:'))).toBe(true);
    }
  });
});

describe('variables', () => {
  const used = placeholders(composeText);
  const names = [...new Set(used.map(({ name }) => name))];

  it('are all explained in .env.example, and nothing else is', () => {
    expect(Object.keys(example).toSorted()).toEqual(names.toSorted());
    expect(Object.keys(demo).filter((name) => !names.includes(name))).toEqual(['COMPOSE_PROFILES']);
  });

  it('have the same default in both places', () => {
    for (const { name, default: value } of used) {
      if (value !== undefined) expect([name, example[name]]).toEqual([name, value]);
    }
  });

  it('never have a secret that works without being set', () => {
    const secrets = used.filter(({ name }) => /PASSWORD|SECRET|KEY/.test(name));
    expect(new Set(secrets.map(({ name }) => name)).size).toBe(5);
    for (const { name, default: value } of secrets) {
      expect([name, value ?? '']).toEqual([name, '']);
      expect([name, example[name]]).toEqual([name, '']);
    }
    for (const name of ['POSTGRES_PASSWORD', 'JWT_SECRET', 'GRAFANA_ADMIN_PASSWORD']) {
      expect(used.filter((one) => one.name === name).every(({ required }) => required)).toBe(true);
    }
  });
});

describe('Dockerfile', () => {
  const manifest = JSON.parse(read('package.json'));
  const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\w+)$/gm)].map((match) => match[1]);

  it('uses the Node and the pnpm of the project', () => {
    expect(dockerfile).toContain(`ARG NODE_VERSION=${manifest.devDependencies.node}\n`);
    expect(dockerfile).toContain(`ARG PNPM_VERSION=${manifest.packageManager.split('@')[1]}\n`);
  });

  it('copies what exists, from stages that exist', () => {
    for (const [, from, sources] of dockerfile.matchAll(/^COPY (?:--from=(\w+) )?(.*) \S+$/gm)) {
      if (from) expect(stages).toContain(from);
      else for (const source of (sources ?? '').split(' ')) expect(exists(source), source).toBe(true);
    }
    for (const [, name] of dockerfile.matchAll(/@onefeed\/([\w-]+)/g))
      expect(exists(`apps/${name}/package.json`), name).toBe(true);
  });

  it('installs every app the compose file runs', () => {
    for (const { app } of apps) expect(dockerfile).toContain(`--filter-prod "@onefeed/${app}..."`);
  });

  it('ends without root', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    expect([...last.matchAll(/^USER (\w+)$/gm)].map((match) => match[1])).toEqual(['node']);
    expect(exists(/^CMD \["(.*)"\]$/m.exec(last)?.[1] ?? '')).toBe(true);
  });

  it('is built without secrets and without what it installs itself', () => {
    const ignored = read('.dockerignore').split('\n');
    for (const line of ['.env', '.env.*', '.git', '.onefeed', '**/node_modules', '**/dist'])
      expect(ignored).toContain(line);
  });
});

describe('monitoring', () => {
  type Scrape = {
    job_name: string;
    static_configs?: { targets: string[] }[];
    dns_sd_configs?: { names: string[]; port: number }[];
  };
  type Rule = {
    alert: string;
    expr: string;
    annotations: Record<string, string>;
    labels: { severity: string };
  };
  type Panel = { title: string; type: string; datasource?: { uid: string }; targets?: { expr: string }[] };

  const prometheus = readYaml<{ rule_files: string[]; scrape_configs: Scrape[] }>(
    'infra/prometheus/prometheus.yml',
  );
  const rules = readYaml<{ groups: { rules: Rule[] }[] }>('infra/prometheus/alerts.yml').groups.flatMap(
    (group) => group.rules,
  );
  const dashboards = list('infra/grafana/dashboards').map(
    (file) => JSON.parse(read(`infra/grafana/dashboards/${file}`)) as { uid: string; panels: Panel[] },
  );
  const panels = dashboards.flatMap((dashboard) => dashboard.panels);

  it('scrapes every app at its internal port', () => {
    const targets = prometheus.scrape_configs.flatMap(
      ({ job_name: job, static_configs: fixed, dns_sd_configs: found }) => [
        ...(fixed ?? []).flatMap((group) => group.targets.map((target) => [job, target])),
        ...(found ?? []).flatMap(({ names, port }) => names.map((name) => [job, `${name}:${port}`])),
      ],
    );
    const expected = apps.map(({ name, service }) => [name, `${name}:${service.environment?.INTERNAL_PORT}`]);
    expect(targets.toSorted()).toEqual([...expected, ['prometheus', 'localhost:9090']].toSorted());
    for (const file of prometheus.rule_files) expect(exists(`infra/prometheus/${file}`)).toBe(true);
  });

  it('asks only for metrics that the code has', () => {
    const own = createKit({ service: 'test', logLevel: 'fatal' })
      .metrics.getMetricsAsArray()
      .map(({ name }) => name);
    const sources = ['apps', 'packages'].flatMap((group) =>
      list(group).flatMap((name) =>
        exists(`${group}/${name}/src`) ? sourceFiles(`${group}/${name}/src`) : [],
      ),
    );
    const texts = sources.map(read);
    const code = texts.join('\n');
    // A file may give its names without their common beginning: `onefeed_feed_${name}`.
    const prefixed = texts.flatMap((text) => {
      const prefix = /`(onefeed_\w+_)\$\{name\}`/.exec(text)?.[1];
      return prefix ? [...text.matchAll(/'([a-z_]+)'/g)].map((match) => `${prefix}${match[1]}`) : [];
    });
    const expressions = [...rules, ...panels.flatMap((panel) => panel.targets ?? [])].map(({ expr }) => expr);
    const asked = new Set(expressions.flatMap((expression) => expression.match(/onefeed_\w+/g) ?? []));
    expect(asked.size).toBeGreaterThan(20);
    const exact = (name: string) =>
      own.includes(name) || prefixed.includes(name) || new RegExp(`['"\`]${name}['"\`]`).test(code);
    const unknown = [...asked].filter(
      (name) => !exact(name) && !exact(name.replace(/_(bucket|sum|count)$/, '')),
    );
    expect(unknown).toEqual([]);
  });

  it('says of every alert what is wrong and what to do', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { annotations, labels } of rules) {
      expect(Object.keys(annotations).toSorted()).toEqual(['action', 'summary']);
      expect(['critical', 'warning']).toContain(labels.severity);
    }
  });

  it('gives Grafana a data source and dashboards that are there', () => {
    const { datasources } = readYaml<{ datasources: { uid: string; url: string }[] }>(
      'infra/grafana/provisioning/datasources/prometheus.yml',
    );
    expect(datasources.map(({ url }) => url)).toEqual(['http://prometheus:9090']);
    const uids = datasources.map(({ uid }) => uid);
    for (const panel of panels) {
      if (panel.type !== 'row') expect(uids).toContain(panel.datasource?.uid);
    }
    const mounts = (compose.services.grafana?.volumes ?? []).map((volume) => volume.split(':'));
    const { providers } = readYaml<{ providers: { options: { path: string } }[] }>(
      'infra/grafana/provisioning/dashboards/onefeed.yml',
    );
    for (const { options } of providers) expect(mounts.map(([, target]) => target)).toContain(options.path);
    const home = compose.services.grafana?.environment?.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH ?? '';
    expect(exists(home.replace('/etc/grafana/', 'infra/grafana/'))).toBe(true);
  });
});
