import type { Checker } from '../call.ts'
import type { Scene } from './scene.ts'

const moving = new Set(['createWorkspace', 'seal', 'preserve', 'retire', 'land', 'prune'])

/** 4: before a ref moves or goes its old value is pinned, and nothing that an agent has written is ever nowhere. */
export function work({ vcs, ledger, violate }: Scene): Checker {
  let branches: ReadonlyMap<string, string> = new Map()
  const check = (): void => {
    for (const path of ledger.lost()) violate(4, `${path} is lost`)
  }
  return {
    before({ port, verb }) {
      if (port === 'vcs' && moving.has(verb)) branches = vcs.branches()
    },
    after({ port, verb }) {
      if (port !== 'vcs' || !moving.has(verb)) return
      const refs = [...new Set([...vcs.branches().values(), ...vcs.pins().values()])]
      for (const [branch, oid] of branches) {
        if (vcs.branches().get(branch) === oid || refs.some((ref) => vcs.ancestors(ref).has(oid))) continue
        violate(4, `${branch} was moved or taken away by ${verb}, and nothing holds ${oid} any more`)
      }
      check()
    },
    atRest: check,
  }
}
