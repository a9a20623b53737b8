import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { declareAccess } from './access.ts';

const BUILT_HERE = fileURLToPath(new URL('../../../web/dist', import.meta.url));
const PAGES = ['/', '/bot', '/admin', '/admin/ws-stats'];
const YEAR_MS = 31_536_000_000;

const NOT_BUILT = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>onefeed</title></head>
<body><h1>onefeed</h1>
<p>The api runs, but the web app is not built. Build it with <code>npx turbo run build</code> and load this page again.</p>
<p>The api itself is described at <a href="/docs">/docs</a>.</p></body></html>
`;

/** Serves the built web app: its pages uncached, its hashed assets for ever. Looks for the build at each start. */
export async function serveWebApp(app: FastifyInstance, dist = BUILT_HERE): Promise<void> {
  const built = existsSync(join(dist, 'index.html'));
  await app.register(async (scope) => {
    declareAccess(scope, 'public');
    if (!built) {
      for (const page of PAGES) {
        scope.get(page, { schema: { hide: true } }, (_request, reply) =>
          reply
            .code(503)
            .header('cache-control', 'no-store')
            .type('text/html; charset=utf-8')
            .send(NOT_BUILT),
        );
      }
      return;
    }
    await scope.register(fastifyStatic, { root: dist, serve: false });
    for (const page of PAGES) {
      scope.get(page, { schema: { hide: true } }, (_request, reply) =>
        reply.sendFile('index.html', { maxAge: 0, cacheControl: false }).header('cache-control', 'no-cache'),
      );
    }
    await scope.register(fastifyStatic, {
      root: join(dist, 'assets'),
      prefix: '/assets/',
      decorateReply: false,
      index: false,
      maxAge: YEAR_MS,
      immutable: true,
    });
    scope.get<{ Params: { file: string } }>('/:file', { schema: { hide: true } }, (request, reply) =>
      // Icons, manifest, robots.txt: whatever else the build put beside index.html.
      /^[\w-]+\.(ico|svg|png|txt|webmanifest)$/.test(request.params.file)
        ? reply.sendFile(request.params.file, { maxAge: 3_600_000 })
        : reply.callNotFound(),
    );
  });
}
