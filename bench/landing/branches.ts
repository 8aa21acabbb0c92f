import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const files = 1000
const lines = 60

/** A repository of a thousand files with branches that change some of them, all from one commit, packed as a clone has them. */
export interface Branches extends Disposable {
  readonly root: string
  readonly base: string
  readonly heads: readonly string[]
  git(...words: readonly string[]): string
}

const path = (file: number): string => `src/m${file % 25}/f${file}.ts`
const text = (file: number, changed: ReadonlyMap<number, string> = new Map()): string =>
  Array.from({ length: lines }, (_, line) => `${changed.get(line) ?? `export const v${line} = ${file}`}\n`).join('')

/** By `git fast-import`, which takes a second for what would take processes by the thousand. */
export function branches(count: number): Branches {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'orch-bench-')))
  const root = join(folder, 'repository')
  mkdirSync(root)
  const run = (words: readonly string[], input?: string) =>
    execFileSync('git', words, { cwd: root, encoding: 'utf8', input, maxBuffer: 1 << 28 }).trim()
  run(['init', '--quiet', '--initial-branch=main'])
  const stream: string[] = []
  const put = (name: string, content: string, mode = '100644'): void => {
    stream.push(`M ${mode} inline ${name}\ndata ${Buffer.byteLength(content)}\n${content}\n`)
  }
  const commit = (ref: string, message: string, from = ''): void => {
    const by = 'Bench <bench@example.com> 1700000000 +0000'
    stream.push(`commit refs/heads/${ref}\ncommitter ${by}\ndata ${message.length}\n${message}\n${from}`)
  }
  commit('main', 'Begin')
  for (let file = 0; file < files; file++) put(path(file), text(file))
  for (let branch = 0; branch < count; branch++) {
    commit(`b${branch}`, `Change ${branch}`, 'from refs/heads/main\n')
    const changed = Array.from({ length: 5 }, (_, at) => (branch * 37 + at * (101 + branch)) % files)
    for (const file of changed) put(path(file), text(file, new Map([[(branch * 7) % lines, `changed by ${branch}`]])))
    const other = (branch * 53) % 200
    // One kind of change each, on files that some others change as well.
    if (branch % 5 === 0) stream.push(`D ${path(other)}\n`)
    if (branch % 5 === 1) stream.push(`R ${path(other)} src/moved/f${other}-${branch % 3}.ts\n`)
    if (branch % 5 === 2) put(path(other), text(other), '100755')
    if (branch % 5 === 3) put(`src/new/f${branch % 10}.ts`, text(branch))
    if (branch % 5 === 4) put(path(other), text(other, new Map([[lines - 1, `last of ${branch}`]])))
  }
  run(['fast-import', '--quiet'], stream.join(''))
  run(['gc', '--quiet'])
  run(['reset', '--quiet', '--hard'])
  const heads = Array.from({ length: count }, (_, branch) => run(['rev-parse', `refs/heads/b${branch}`]))
  return {
    root,
    base: run(['rev-parse', 'refs/heads/main']),
    heads,
    git: (...words) => run(words),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
