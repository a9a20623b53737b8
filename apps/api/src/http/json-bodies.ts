import type { FastifyInstance } from 'fastify';

/** JSON is all that is read. An empty text counts as no body; `__proto__` and the like are refused. */
export function acceptOnlyJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (text === '') return done(null, null);
    return parse(request, text as string, done);
  });
}
