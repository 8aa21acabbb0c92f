import { join } from 'node:path'
import { replaceFile } from '../disk/files.ts'
import { failPoint } from '../fail-point.ts'
import { writeCloneRef } from './clone-files.ts'
import { refsAt } from './clones.ts'
import type { GitContext } from './context.ts'
import { branchRef, oidOf, type RefName } from './names.ts'
import { branchOfEntry, isReady, type Place, readEntry } from './worktrees.ts'

export interface GoOnOptions {
  readonly branch: string
  readonly from: string
  readonly signal: AbortSignal
}

/**
 * A workspace of ours goes on with another branch where the one before has ended: no file moves. `none`: there is no workspace that could.
 * What it is for is written last, so that an interrupted one is done again.
 */
export async function goOn(
  context: GitContext,
  place: Place,
  ref: RefName,
  { branch, from, signal }: GoOnOptions,
): Promise<'on' | 'elsewhere' | 'none'> {
  return context.locked('worktrees', signal, async () => {
    const before = branchOfEntry(place.entry)
    if (!isReady(place) || before === null || before === branch) return 'none'
    const { head } = readEntry(place.entry)
    const isWhereItEnded = async () =>
      head === branchRef(before) && (await refsAt(context, place).read(branchRef(before))) === from
    if (head !== ref && !(await isWhereItEnded())) return 'elsewhere'
    const made = await context.refs.change([{ ref, to: oidOf(from), from: null }], 'orch: a branch for a task')
    if (!made && (await context.refs.read(ref)) !== from) return 'elsewhere'
    failPoint('workspace-branched')
    if (place.isClone) await writeCloneRef(place.entry, ref, from)
    await replaceFile(join(place.entry, 'HEAD'), `ref: ${ref}\n`)
    failPoint('workspace-switched')
    await replaceFile(join(place.entry, 'orch-branch'), `${branch}\n`)
    return 'on'
  })
}
