import { defineConfig } from 'vitest/config';

const source = { conditions: ['holdfast-source', 'node', 'import', 'module', 'default'] };

export default defineConfig({
  resolve: source,
  ssr: { resolve: source },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'examples/*/src/**/*.test.ts', 'tests/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
