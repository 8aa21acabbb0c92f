import type { Oid } from '../model/run-state.ts'
import type { MemoryCommits } from './memory-commits.ts'
import { differing, noFiles } from './memory-files.ts'

/** What `git log` would print of it for `coChange`. */
export async function* memoryLog(commits: MemoryCommits, from: Oid): AsyncGenerator<string> {
  for (const oid of commits.ancestors(from)) {
    const { files, parents } = commits.get(oid)
    const [parent, merged] = parents
    if (merged !== undefined) continue
    const changed = differing(parent === undefined ? noFiles : commits.get(parent).files, files)
    yield `\0${oid}\0${changed.map((file, at) => `${at === 0 ? '\n' : ''}${file}\0`).join('')}`
  }
}
