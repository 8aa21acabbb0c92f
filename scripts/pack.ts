import { execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { resolve } from 'node:path'

// Packs every package, as it would be published, into the folder that is named.
const [directory] = process.argv.slice(2)
if (directory === undefined) throw new Error('usage: node scripts/pack.ts DIRECTORY')
for (const manifest of globSync('packages/*/package.json'))
  execFileSync('pnpm', ['pack', '--pack-destination', resolve(directory)], {
    cwd: resolve(manifest, '..'),
    stdio: 'inherit',
  })
