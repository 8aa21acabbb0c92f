import { defineConfig } from 'vitest/config'
import type { Reporter, TestModule } from 'vitest/node'

/** Names what did not run: the reason is the test's name or the note given to `skip`. */
const skipped: Reporter = {
  onTestRunEnd(modules: readonly TestModule[]) {
    for (const module of modules)
      for (const test of module.children.allTests('skipped')) {
        const result = test.result()
        const note = result.state === 'skipped' && result.note !== undefined ? ` (${result.note})` : ''
        console.log(`skipped  ${module.relativeModuleId} > ${test.fullName}${note}`)
      }
  },
}

export default defineConfig({
  // The private condition that points at `src`, for what vitest resolves itself and, as `execArgv`, for what Node does
  // in a worker. A process that a test starts needs it too: pass `process.execArgv` on, or the flag.
  ssr: { resolve: { conditions: ['@orch/source', 'module', 'node'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'examples/**/*.test.ts'],
    execArgv: ['--conditions=@orch/source'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: [
      'default',
      skipped,
      ['json', { outputFile: '.reports/vitest.json' }],
      ...(process.env.GITHUB_ACTIONS === 'true' ? ['github-actions'] : []),
    ],
  },
})
