import { spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'

/**
 * What somebody who installs our packages meets: the tarballs in a project of their own, type-checked with nothing skipped and
 * run on the oldest Node that we support. `node scripts/consumer.ts DIRECTORY`, the directory of the tarballs.
 */
const [packed] = process.argv.slice(2)
if (packed === undefined) throw new Error('usage: node scripts/consumer.ts DIRECTORY')
const oldest = '22.18.0'
const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
const root = read('package.json').devDependencies

const project = mkdtempSync(join(tmpdir(), 'orch-consumer-'))
process.on('exit', () => rmSync(project, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))

const ours: Record<string, string> = {}
for (const manifest of globSync('packages/*/package.json')) {
  const { name, version } = read(manifest)
  ours[name] = `file:${resolve(packed, `${name.slice(1).replace('/', '-')}-${version}.tgz`)}`
}
const write = (name: string, data: unknown) => writeFileSync(join(project, name), JSON.stringify(data, null, 2))
write('package.json', {
  name: 'consumer',
  private: true,
  type: 'module',
  dependencies: ours,
  devDependencies: { typescript: root.typescript, '@types/node': root['@types/node'], node: oldest },
})
// JSON is YAML. Ours depend on each other by version, which is published nowhere yet.
write('pnpm-workspace.yaml', { overrides: ours, allowBuilds: { node: true } })
write('tsconfig.json', {
  compilerOptions: {
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2023'],
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    outDir: 'out',
    rootDir: '.',
  },
  files: ['consumer.ts'],
})
// And with what TypeScript 6 does when nothing is said: the DOM, and no types of Node's.
write('tsconfig.plain.json', {
  compilerOptions: { module: 'nodenext', target: 'es2023', strict: true, skipLibCheck: false, noEmit: true },
  files: ['plain.ts'],
})
cpSync('scripts/consumer', project, { recursive: true })

const { NODE_OPTIONS: _, ...inherited } = process.env
const env = { ...inherited, CI: 'true', PATH: `${join(project, 'node_modules/.bin')}${delimiter}${process.env.PATH}` }
function run(file: string, ...args: string[]): string {
  console.log(`$ ${file} ${args.join(' ')}`)
  const { status, stdout, error } = spawnSync(file, args, {
    cwd: project,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 300_000,
  })
  if (status === 0) return stdout
  console.log(stdout)
  console.error(`${file} failed: ${error?.message ?? `exit ${status}`}`)
  process.exit(1)
}
function same(what: string, found: string, expected: string): void {
  if (found.trim() === expected) return
  console.error(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`)
  process.exit(1)
}

run('pnpm', 'install', '--no-frozen-lockfile')
same('the Node that runs all this', run('node', '--version'), `v${oldest}`)
run('tsc', '-p', '.')
run('tsc', '-p', 'tsconfig.plain.json')
const importAll = Object.keys(ours).map((name) => `await import('${name}')`)
same('importing prints', run('sh', '-c', `node --input-type=module --eval "${importAll.join(';')}" 2>&1`), '')
run('node', 'out/consumer.js')
same('orch --version', run('orch', '--version'), read('packages/cli/package.json').version)
