// Healthcheck of a container: is the process of this image alive? Exit code 0 or 1.
const { INTERNAL_PORT } = process.env;
const response = await fetch(`http://127.0.0.1:${INTERNAL_PORT}/healthz`, {
  signal: AbortSignal.timeout(3_000),
}).catch(() => null);
process.exit(response?.ok ? 0 : 1);
