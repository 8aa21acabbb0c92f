import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const files = 200

/** A repository for one measurement, as the contestants find it: 200 files, and `main` checked out nowhere. */
export interface BenchRepository extends Disposable {
  readonly root: string
  git(...words: readonly string[]): string
  /** How many of the tasks `1`, `2`, … are on `main`, each with its own file and one landing. */
  landed(tasks: number): number
}

export function benchRepository(): BenchRepository {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'orch-bench-')))
  const root = join(folder, 'repository')
  const git = (...words: readonly string[]) => execFileSync('git', words, { cwd: root, encoding: 'utf8' })
  for (let index = 0; index < files; index++) {
    const directory = join(root, `d${index % 20}`)
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, `f${index}.txt`), `file ${index}\n`)
  }
  git('init', '--quiet', '--initial-branch=main')
  git('config', 'user.name', 'Bench')
  git('config', 'user.email', 'bench@example.com')
  git('add', '--all')
  git('commit', '--quiet', '--message=Begin')
  git('switch', '--quiet', '--create', 'elsewhere')
  return {
    root,
    git,
    landed(tasks) {
      const names = new Set(git('ls-tree', '--name-only', 'main').split('\n'))
      const landings = Number(git('rev-list', '--first-parent', '--count', 'main')) - 1
      const there = Array.from({ length: tasks }, (_, index) => `${index + 1}.txt`).filter((name) => names.has(name))
      return landings === tasks ? there.length : Math.min(landings, there.length)
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
