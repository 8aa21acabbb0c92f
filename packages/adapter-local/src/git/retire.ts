import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { failed, ok, type Result } from '@orch/core'
import { freshPath, lookAt, moved, namesIn } from '../disk/files.ts'
import { failPoint } from '../fail-point.ts'
import { removeTrees } from '../spawn/removal.ts'
import type { GitContext } from './context.ts'
import { branchRef, headPin } from './names.ts'
import { occupantsOf } from './occupants.ts'
import { preserve } from './preserve.ts'
import { hasSubmodules, moveWholeAside } from './submodules.ts'
import { branchOfEntry, isReady, movedTo, type Place, refIn, refuseNoFolder } from './worktrees.ts'

export interface RetireOptions {
  readonly workspace: string
  readonly branch: string
  readonly signal: AbortSignal
}

/** Pins first, then the folder, then the branch: interrupted anywhere, the next call goes on. */
export async function retire(
  context: GitContext,
  { workspace, branch, signal }: RetireOptions,
): Promise<Result<{ readonly moved: string | null }, 'in-use'>> {
  const { worktrees } = context
  refuseNoFolder(worktrees)
  const named = worktrees.place(workspace)
  const others = worktrees
    .names()
    .filter((name) => name !== named.name && branchOfEntry(worktrees.place(name).entry) === branch)
  let moved: string | null = null
  for (const place of [named, ...others.map((name) => worktrees.place(name))]) {
    if (isAnothers(place, branch)) continue
    const away = await putAway(context, place, branch, signal)
    if (!away.ok) return away
    moved ??= away.value.moved
  }
  await dropBranch(context, named, branchRef(branch))
  failPoint('retired')
  return ok({ moved })
}

async function putAway(
  context: GitContext,
  place: Place,
  branch: string,
  signal: AbortSignal,
): Promise<Result<{ readonly moved: string | null }, 'in-use'>> {
  let files = false
  const isTheirs = movedTo(place) !== null
  const found = lookAt(place.files)
  if (found !== null) {
    const [occupant] = occupantsOf(place.files)
    if (occupant !== undefined) return failed('in-use', `process ${occupant} works in ${place.files}`)
    const ours = !isTheirs && (await isOurs(context, place))
    const kept = ours ? await preserve(context, { workspace: place.name, as: place.name, signal }) : null
    // Without an entry git cannot tell what is in the folder, so it is kept as it is, unless there is nothing.
    files = kept?.ok !== true && !(await isEmpty(place))
  }
  const aside =
    files || (!isTheirs && hasSubmodules(place))
      ? await context.locked('worktrees', signal, async () =>
          isAnothers(place, branch) ? null : moveWholeAside(context, place, { files }),
        )
      : null
  if (aside !== null) failPoint('retire-aside')
  const trash = freshPath(context.making, 'trash')
  const entry = freshPath(place.making, 'trash')
  await context.locked('worktrees', signal, async () => {
    if (isAnothers(place, branch)) return
    await moved(place.files, trash)
    failPoint('retire-unfilled')
    if (!isTheirs) await moved(place.entry, entry)
  })
  failPoint('retire-put-away')
  await removeTrees([trash, entry])
  failPoint('retire-removed')
  return ok({ moved: aside })
}

/** Another task goes on in it. */
function isAnothers(place: Place, branch: string): boolean {
  const now = branchOfEntry(place.entry)
  return now !== null && now !== branch && isReady(place)
}

/** The folder is where it should be, and no link leads out of it. */
async function isOurs(context: GitContext, place: Place): Promise<boolean> {
  const found = lookAt(place.files)
  return (
    found?.isDirectory() === true &&
    (await realpath(place.files)) === join(await realpath(context.worktrees.folder), place.name)
  )
}

async function isEmpty(place: Place): Promise<boolean> {
  const found = lookAt(place.files)
  return found?.isDirectory() === true && namesIn(place.files).every((name) => name === '.git')
}

async function dropBranch(context: GitContext, place: Place, ref: ReturnType<typeof branchRef>): Promise<void> {
  for (;;) {
    const head = await context.refs.read(ref)
    if (head === null) return
    // Somebody has it checked out: then it is theirs now.
    if (refIn(context.repository.commonDirectory) === ref || context.worktrees.having(ref).length > 0) return
    const pin = headPin(place.name, head)
    const pinned = (await context.refs.read(pin)) === head
    const changes = [...(pinned ? [] : [{ ref: pin, to: head }]), { ref, to: null, from: head }]
    if (await context.refs.change(changes, `orch: retire ${place.name}`)) return
  }
}
