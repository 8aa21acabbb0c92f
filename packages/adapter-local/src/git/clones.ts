import { join } from 'node:path'
import { OrchError } from '@orch/core'
import { lookAt } from '../disk/files.ts'
import { failPoint } from '../fail-point.ts'
import { writeCloneRef } from './clone-files.ts'
import type { GitContext } from './context.ts'
import { branchRef, headPin, type RefName } from './names.ts'
import { type Refs, refsOf } from './refs.ts'
import type { Place } from './worktrees.ts'

/** The refs that a workspace's HEAD is about, to be read. */
export function refsAt(context: GitContext, place: Place): Pick<Refs, 'read' | 'list'> {
  return place.isClone ? refsOf({ ...context.repository, commonDirectory: place.entry }) : context.refs
}

/** An agent can put a link to somebody else's repository in the place of its own. */
export function refuseLinks({ name, entry }: Place): void {
  const folders = ['', 'objects', 'objects/info', 'objects/pack', 'refs', 'refs/heads', 'logs']
  const wrong = folders.find((folder) => {
    const found = lookAt(join(entry, folder))
    return found !== null && !found.isDirectory()
  })
  if (wrong === undefined) return
  throw new OrchError(
    'no-access',
    `${join(entry, wrong)}, where git keeps the workspace ${name}, is no folder; move it away`,
    { port: 'vcs' },
  )
}

/** The branch in the repository follows the clone's; where it was before is pinned, unless it is seen to go on from there. */
export async function mirrorBranch(context: GitContext, place: Place, branch: string): Promise<void> {
  if (!place.isClone) return
  const ref = branchRef(branch)
  const [head, before] = await Promise.all([refsAt(context, place).read(ref), context.refs.read(ref)])
  if (head === null || head === before || (await context.objects.commit(head)) === null) return
  const pins =
    before === null || (await leadsBackTo(context, head, before))
      ? []
      : [{ ref: headPin(place.name, before), to: before }]
  await context.refs.change([...pins, { ref, to: head, from: before }], 'orch: as in its clone')
  failPoint('clone-followed')
}

/** Without git, which would go wherever the clone's files lead it. False when it is not at `from`. */
export async function moveCloneBranch(
  context: GitContext,
  place: Place,
  { ref, to, from }: { readonly ref: RefName; readonly to: string; readonly from: string },
): Promise<boolean> {
  if ((await refsAt(context, place).read(ref)) !== from) return false
  await writeCloneRef(place.entry, ref, to)
  return true
}

async function leadsBackTo({ objects }: GitContext, head: string, before: string): Promise<boolean> {
  const last = (await objects.firstParents(head, before, 200)).oids.at(-1)
  return last !== undefined && (await objects.commit(last))?.parents[0] === before
}

/** So that an agent finds the target in its clone under the name that it is told of. */
export async function showTarget(context: GitContext, place: Place, target: string): Promise<void> {
  const ref: RefName = context.target.ref
  if (place.isClone && lookAt(place.entry)?.isDirectory() === true) await writeCloneRef(place.entry, ref, target)
}
