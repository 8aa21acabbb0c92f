import { failed } from '../model/result.ts'
import type { Vcs } from '../ports/vcs.ts'
import type { MemoryRepository } from './memory-repository.ts'

/** In memory nothing is left half made, so there is nothing to sweep, and nobody leaves a lock behind. */
export function memoryInspection(shared: MemoryRepository): Pick<Required<Vcs>, 'inspect' | 'unlock'> {
  const { commits, branches, pins } = shared
  return {
    async inspect({ commits: asked, branches: named, prefix, signal }) {
      signal.throwIfAborted()
      const kept = new Map<string, number>()
      for (const ref of pins.keys()) {
        const name = ref.split('/')[3] ?? ''
        kept.set(name, (kept.get(name) ?? 0) + 1)
      }
      return {
        missing: asked.filter((oid) => !commits.has(oid)),
        branches: new Map([...branches].filter(([name]) => name.startsWith(prefix) || named.includes(name))),
        kept,
        folders: new Map(),
        locks: [],
        torn: [],
        checkouts: new Map(),
        blind: [],
        leavings: [],
        landing: null,
      }
    },
    async unlock({ signal }) {
      signal.throwIfAborted()
      return failed('in-use')
    },
  }
}
