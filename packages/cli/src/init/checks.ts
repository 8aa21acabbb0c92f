import { join } from 'node:path'
import { fieldsOf, readManifest, textOf } from './files.ts'

const managers = [
  { lock: 'pnpm-lock.yaml', install: 'pnpm install --frozen-lockfile', test: 'pnpm test' },
  { lock: 'yarn.lock', install: 'yarn install --immutable', test: 'yarn test' },
  { lock: 'bun.lock', install: 'bun install --frozen-lockfile', test: 'bun run test' },
  { lock: 'package-lock.json', install: 'npm ci', test: 'npm test' },
] as const

/** Commands that would tell in a fresh check-out of `root` whether its tests pass; empty when nothing says so. */
export async function suggestedChecks(root: string): Promise<readonly string[]> {
  const manifest = await readManifest(root)
  const test = fieldsOf(manifest.scripts).test
  // What `npm init` writes is no test.
  if (typeof test !== 'string' || test.includes('no test specified')) return []
  const locks = await Promise.all(managers.map(({ lock }) => textOf(join(root, lock))))
  const manager = managers[locks.findIndex((lock) => lock !== null)]
  const needsInstall = [manifest.dependencies, manifest.devDependencies].some(
    (all) => Object.keys(fieldsOf(all)).length > 0,
  )
  if (!manager) return [needsInstall ? 'npm install && npm test' : 'npm test']
  return [needsInstall ? `${manager.install} && ${manager.test}` : manager.test]
}
