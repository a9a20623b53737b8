import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** In development the api of a running platform is used: `PORT` as for the platform itself. */
const api = `http://localhost:${process.env.PORT ?? '5001'}`;

export default defineConfig({
  plugins: [react()],
  server: { proxy: { '/api': { target: api, ws: true } } },
  build: {
    target: 'es2023',
    sourcemap: false,
    // The page's policy is `default-src 'self'`: nothing may become a data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // The contracts are read for types and constants; their schemas have no effect when unused.
      treeshake: { moduleSideEffects: (id) => !/packages\/contracts\/|node_modules\/typebox\//.test(id) },
    },
  },
});
