import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const files: Readonly<Record<string, string>> = {
  'package.json': `${JSON.stringify(
    { name: 'measures', private: true, type: 'module', scripts: { test: 'node --test' } },
    null,
    2,
  )}\n`,
  'README.md': '# measures\n\nLengths, weights and amounts, converted and written.\n',
  'src/format.ts': 'export function format(value: number, unit: string): string {\n  return `${value} ${unit}`\n}\n',
  'test/format.test.ts': [
    "import assert from 'node:assert/strict'",
    "import { test } from 'node:test'",
    "import { format } from '../src/format.ts'",
    '',
    "test('a value is written with its unit', () => {",
    "  assert.equal(format(3, 'km'), '3 km')",
    '})',
    '',
  ].join('\n'),
}

/** Makes a small TypeScript project with a history in `directory`; its tests run with `node --test`. */
export function makeProject(directory: string): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  git(directory, 'init', '--quiet', '--initial-branch=main')
  git(directory, 'config', 'user.name', 'Demo')
  git(directory, 'config', 'user.email', 'demo@example.com')
  // Whatever the user's own git does at a commit is not for a demo.
  git(directory, 'config', 'commit.gpgSign', 'false')
  git(directory, 'config', 'core.hooksPath', '/dev/null')
  git(directory, 'add', '--all')
  git(directory, 'commit', '--quiet', '--message=Start the project')
}

export function git(directory: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: directory, encoding: 'utf8' })
}
