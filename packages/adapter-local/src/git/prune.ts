import { join } from 'node:path'
import type { Leftover } from '@orch/core'
import { namesIn, remove, removeEmpty } from '../disk/files.ts'
import { failPoint } from '../fail-point.ts'
import type { GitContext } from './context.ts'
import { branchRef, oidOf, type RefName } from './names.ts'
import { retire } from './retire.ts'
import { sweep } from './sweep.ts'
import { branchOfEntry, readEntry } from './worktrees.ts'

export interface PruneOptions {
  readonly keep: readonly string[]
  readonly branches: readonly string[]
  readonly drop: boolean
  readonly signal: AbortSignal
}

/**
 * Lists what belongs to no workspace in use. Dropping takes away what is listed; what a dropped workspace still held is pinned first and
 * listed by the next call.
 */
export async function prune(context: GitContext, options: PruneOptions): Promise<readonly Leftover[]> {
  const { keep, drop, signal } = options
  const kept = new Set(keep)
  const pins = [...(await context.refs.list('refs/orch/kept/'))].filter(([ref]) => !kept.has(ref.split('/')[3] ?? ''))
  const workspaces = context.worktrees.names().filter((name) => !kept.has(name))
  const branches = await leftBranches(context, kept, options.branches)
  const entries = [readEntry(context.repository.commonDirectory), ...context.worktrees.all()]
  const inUse = new Set(entries.map(({ head }) => head))
  const free = branches.filter(([ref]) => !inUse.has(ref))
  const aside = namesIn(join(context.worktrees.folder, '.aside')).filter(
    (name) => !kept.has(name.replace(/\.[^.]+$/, '')),
  )
  const found: Leftover[] = [
    ...pins.map(([name, oid]) => ({ what: 'pin' as const, name, oid })),
    ...workspaces.map((name) => ({ what: 'workspace' as const, name: context.worktrees.place(name).files, oid: null })),
    ...free.map(([name, oid]) => ({ what: 'branch' as const, name, oid })),
    ...aside.map((name) => ({
      what: 'moved-aside' as const,
      name: join(context.worktrees.folder, '.aside', name),
      oid: null,
    })),
  ]
  if (!drop) return found
  const before = new Map(pins)
  await dropRefs(context, [...pins, ...free])
  failPoint('pins-dropped')
  for (const name of workspaces) {
    const branch = branchOfEntry(context.worktrees.place(name).entry)
    await retire(context, { workspace: name, branch: branch ?? `orch/${name}`, signal })
  }
  for (const name of aside) await remove(join(context.worktrees.folder, '.aside', name))
  // A clean head needs no pin that its own retirement made again.
  await dropRefs(
    context,
    [...(await context.refs.list('refs/orch/kept/'))].filter(([ref, oid]) => before.get(ref) === oid),
  )
  await sweep(context)
  await clear(context)
  failPoint('pruned')
  return found
}

/** What is below `orch/` is ours; elsewhere only what a closed task had. */
async function leftBranches(
  context: GitContext,
  kept: ReadonlySet<string>,
  named: readonly string[],
): Promise<readonly (readonly [RefName, string])[]> {
  const found = [...(await context.refs.list('refs/heads/orch/'))].filter(
    ([ref]) => !kept.has(ref.slice('refs/heads/orch/'.length)),
  )
  for (const ref of named.map(branchRef)) {
    const oid = found.some(([other]) => other === ref) ? null : await context.refs.read(ref)
    if (oid !== null) found.push([ref, oid])
  }
  return found
}

/** Check-outs for checks are rebuilt when they are needed, and empty folders of ours are nobody's. */
async function clear({ worktrees, making, checkFolders }: GitContext): Promise<void> {
  await checkFolders.clear(0)
  const checks = join(worktrees.folder, '.checks')
  const clones = join(worktrees.folder, '.clones')
  for (const folder of [checks, clones, making, join(worktrees.folder, '.aside'), worktrees.folder])
    await removeEmpty(folder)
}

async function dropRefs(context: GitContext, refs: readonly (readonly [RefName, string])[]): Promise<void> {
  if (refs.length === 0) return
  await context.refs.change(
    refs.map(([ref, oid]) => ({ ref, to: null, from: oidOf(oid) })),
    'orch: prune',
  )
}
