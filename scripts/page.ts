import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'tsup'

/**
 * Makes `packages/core/src/draw/page-script.ts`, the script that a drawn page holds, of what is in `page/`: the library that draws reads no files and
 * may not depend on how it was built. `--check` only tells whether it is out of date.
 */
const made = 'packages/core/src/draw/page-script.ts'
const outDir = mkdtempSync(join(tmpdir(), 'orch-page-'))
process.on('exit', () => rmSync(outDir, { recursive: true, force: true }))
await build({
  config: false,
  entry: { page: 'packages/core/src/draw/page/main.ts' },
  outDir,
  format: 'iife',
  platform: 'browser',
  target: 'es2022',
  minify: true,
  silent: true,
})
const script = readFileSync(join(outDir, 'page.global.js'), 'utf8')
  .trim()
  .replaceAll('</', '<\\/')
  .replaceAll('<!--', '<\\!--')
const text = `// Made of \`page/\` by \`pnpm page\`.\nexport const pageScript = ${JSON.stringify(script)}\n`
if (!process.argv.includes('--check')) writeFileSync(made, text)
else if (readFileSync(made, 'utf8') !== text) {
  console.error(`${made} is out of date; make it with: npx -y pnpm@12 page`)
  process.exit(1)
}
