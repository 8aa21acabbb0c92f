import type { RunState } from '../../../model/run-state.ts'
import type { Checker } from '../call.ts'
import { isOk } from '../mirror.ts'
import type { Scene } from './scene.ts'

const moving = new Set(['createWorkspace', 'seal', 'preserve', 'retire', 'land', 'prune'])

/** 4: before a ref moves or goes its old value is pinned, and nothing that an agent has written is ever nowhere. */
export function work({ vcs, mirror, ledger, violate }: Scene): Checker {
  /** Workspaces that git cannot represent: what is in them stays where it is. */
  const unkept = new Set<string>()
  let branches: ReadonlyMap<string, string> = new Map()
  const check = (): void => {
    for (const path of ledger.lost()) violate(4, `${path} is lost`)
  }
  function fails(id: string, { run, branch }: RunState): void {
    const before = mirror.states.get(id)
    if (branch === null || before === undefined || run.failures <= before.run.failures) return
    const files = [...vcs.folders()].find(([directory]) => directory.endsWith(`/${branch.workspace}`))?.[1] ?? {}
    if (unkept.has(branch.workspace)) return
    for (const path of ledger.onlyIn(files)) violate(4, `${id} has failed, and ${path} is not kept`)
  }

  return {
    before({ port, verb }) {
      if (port === 'vcs' && moving.has(verb)) branches = vcs.branches()
    },
    after({ port, verb, options }, answer) {
      if (port === 'queue' && verb === 'write' && isOk(answer)) fails(options.id, options.next)
      if (verb === 'preserve' && isOk(answer)) unkept.delete(options.workspace)
      else if (verb === 'preserve') unkept.add(options.workspace)
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
