import { spawn } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'

const packed = mkdtempSync(join(tmpdir(), 'orch-packed-'))
process.on('exit', () => rmSync(packed, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))

const scripts: Record<string, string> = JSON.parse(readFileSync('package.json', 'utf8')).scripts
const eachTarball = (command: string) => () =>
  globSync(join(packed, '*.tgz'))
    .map((tarball) => `${command} ${tarball}`)
    .join(' && ')

/** What runs, from quick to slow: a script of package.json, or a command of its own. */
const steps: readonly (readonly [name: string, what: string, command?: () => string])[] = [
  ['lint', 'format, imports and rules of Biome'],
  ['typecheck', 'everything, by the sources'],
  ['rules', 'who may import whom'],
  ['unused', 'files, exports and dependencies that nobody needs'],
  ['errors', 'docs/errors.md is what the code says', () => `${scripts.errors} --check`],
  ['page', 'the script of a drawn page is what its parts say', () => `${scripts.page} --check`],
  ['test', 'all tests, 100,000 pairs of globs'],
  ['build', 'bundles and types of every package'],
  ['pack', 'the tarballs as they would be published', () => `node scripts/pack.ts ${packed}`],
  ['publint', 'their manifests', eachTarball('publint --strict')],
  ['attw', 'their types as others resolve them', eachTarball('attw --profile esm-only')],
  ['consumer', 'installed, type-checked and run on the oldest Node', () => `node scripts/consumer.ts ${packed}`],
]

const env = {
  // Pairs of globs that the tests compare.
  ORCH_PAIRS: '100000',
  ...process.env,
  PATH: `${resolve('node_modules/.bin')}${delimiter}${process.env.PATH}`,
}

function run(command: string): Promise<{ readonly ok: boolean; readonly output: string }> {
  return new Promise((settle) => {
    let output = ''
    const child = spawn(command, { shell: true, env, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', (error) => settle({ ok: false, output: String(error) }))
    child.on('close', (code) => settle({ ok: code === 0, output }))
  })
}

for (const [name, what, command] of steps) {
  // Where the same has just been tested, as in CI.
  if (name === 'test' && process.env.ORCH_TESTED === 'true') continue
  process.stdout.write(`${name.padEnd(10)} ${what.padEnd(52)} `)
  const started = performance.now()
  const { ok, output } = await run((command?.() ?? scripts[name]) || 'false')
  console.log(`${ok ? 'ok' : 'FAILED'} ${((performance.now() - started) / 1000).toFixed(1)} s`)
  if (!ok) {
    console.log(`\n${output.trimEnd()}\n\ncheck stopped at ${name}`)
    process.exit(1)
  }
}
