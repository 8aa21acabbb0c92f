import { defineConfig } from 'vitest/config'

export default defineConfig({
  ssr: { resolve: { conditions: ['@orch/source', 'node', 'import', 'default'] } },
  resolve: { conditions: ['@orch/source', 'node', 'import', 'default'] },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'examples/**/*.test.ts'],
    execArgv: ['--conditions=@orch/source'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
