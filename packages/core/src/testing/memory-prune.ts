import type { Leftover } from '../ports/vcs.ts'
import { keepWork, type MemoryRepository, memoryRoot } from './memory-repository.ts'

export function memoryPrune(shared: MemoryRepository, keep: readonly string[], drop: boolean): readonly Leftover[] {
  const { branches, workspaces, pins } = shared
  const isKept = (name: string | undefined) => name !== undefined && keep.includes(name)
  const held = new Set([...workspaces.values()].map(({ branch }) => branch))
  const found: Leftover[] = [
    ...[...pins]
      .filter(([ref]) => !isKept(ref.split('/')[3]))
      .map(([name, oid]) => ({ what: 'pin' as const, name, oid })),
    ...[...workspaces.keys()]
      .filter((name) => !isKept(name))
      .map((name) => ({ what: 'workspace' as const, name: `${memoryRoot}/${name}`, oid: null })),
    ...[...branches]
      .filter(([branch]) => branch !== shared.target && !held.has(branch) && !isKept(branch.split('/').at(-1)))
      .map(([branch, oid]) => ({ what: 'branch' as const, name: `refs/heads/${branch}`, oid })),
    ...[...shared.aside.keys()]
      .filter((path) => !isKept(path.split('/').at(-1)))
      .map((name) => ({ what: 'moved-aside' as const, name, oid: null })),
  ]
  if (!drop) return found
  // What retiring a workspace pins anew is not dropped, unless it was listed.
  for (const { what, name } of [...found].sort((a, b) => Number(a.what === 'pin') - Number(b.what === 'pin'))) {
    if (what === 'workspace') {
      const workspace = workspaces.get(name.slice(memoryRoot.length + 1))
      if (workspace === undefined) continue
      if (!workspace.torn) keepWork(shared, workspace, workspace.name)
      workspaces.delete(workspace.name)
      branches.delete(workspace.branch)
    }
    if (what === 'branch') branches.delete(name.slice('refs/heads/'.length))
    if (what === 'moved-aside') shared.aside.delete(name)
    if (what === 'pin') pins.delete(name)
  }
  return found
}
