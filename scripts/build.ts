import { spawnSync } from 'node:child_process'
import { globSync, readFileSync, rmSync } from 'node:fs'
import ts from 'typescript'

// One tsup for all packages; it cannot empty `dist` itself, because two of its bundles share one.
for (const directory of globSync('packages/*/dist')) rmSync(directory, { recursive: true })
const { status } = spawnSync('tsup', ['--silent'], { stdio: 'inherit' })
if (status !== 0) process.exit(status ?? 1)

// `@orch/core/plan` has no dependency at all: neither its code nor its types import anything.
for (const file of ['packages/core/dist/plan/index.js', 'packages/core/dist/plan/index.d.ts']) {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true)
  if (importedFiles.length > 0) {
    console.error(`${file} must import nothing, and imports ${importedFiles.map((i) => i.fileName).join(', ')}`)
    process.exit(1)
  }
}
