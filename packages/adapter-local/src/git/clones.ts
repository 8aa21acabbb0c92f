import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { createInflate } from 'node:zlib'
import { OrchError } from '@orch/core'
import { lookAt, namesIn, signatureOf, withoutWaiting } from '../disk/files.ts'
import { writeCloneRef } from './clone-files.ts'
import type { GitContext } from './context.ts'
import { branchRef, headPin, isOid, type RefName } from './names.ts'
import { storeObject } from './objects.ts'
import { type Refs, refsOf } from './refs.ts'
import { withView } from './view.ts'
import type { Place } from './worktrees.ts'

/** Objects that are written at the same time. */
const together = 32

/** The refs that a workspace's HEAD is about, to be read. */
export function refsAt(context: GitContext, place: Place): Pick<Refs, 'read' | 'list'> {
  return place.isClone ? refsOf({ ...context.repository, commonDirectory: place.entry }) : context.refs
}

/**
 * Copies every object that is only in the clone into the repository, staged ones and those that nothing names any more included: from then on it is as if
 * they had been made there. Their contents are checked against their names; no git reads the clone's configuration.
 */
export async function takeObjects(context: GitContext, place: Place): Promise<void> {
  refuseLinks(place)
  const from = join(place.entry, 'objects')
  const to = join(context.repository.commonDirectory, 'objects')
  const missing = namesIn(from)
    .filter((folder) => /^[0-9a-f]{2}$/.test(folder))
    .flatMap((folder) => namesIn(join(from, folder)).map((name) => join(folder, name)))
    .filter((path) => isOid(path.replace('/', '')) && lookAt(join(to, path)) === null)
  // Each waits for the disk, which takes many in the time of one.
  for (let at = 0; at < missing.length; at += together)
    await Promise.all(
      missing.slice(at, at + together).map((path) => takeLoose(context, join(from, path), path.replace('/', ''))),
    )
  for (const name of namesIn(join(from, 'pack')).filter((each) => each.endsWith('.pack')))
    if (lookAt(join(to, 'pack', name)) === null) await takePack(context, join(from, 'pack', name))
}

/** What is no object, or not the one that its name says, is none of the agent's work. */
async function takeLoose(context: GitContext, path: string, oid: string): Promise<void> {
  if (lookAt(path)?.isFile() !== true) return
  const bytes = await readFile(path, { flag: withoutWaiting })
  const hash = createHash(context.repository.objectFormat)
  try {
    for await (const part of Readable.from([bytes]).pipe(createInflate())) hash.update(part as Buffer)
  } catch {
    return
  }
  if (hash.digest('hex') === oid) await storeObject(join(context.repository.commonDirectory, 'objects'), oid, bytes)
}

/** Packs that were taken, or found to be none, as they were then. */
const seen = new Map<string, string | null>()

async function takePack(context: GitContext, path: string): Promise<void> {
  const signature = signatureOf(path)
  if (lookAt(path)?.isFile() !== true || seen.get(path) === signature) return
  const input = await readFile(path, { flag: withoutWaiting, encoding: 'latin1' })
  await withView(context.repository, {}, (view) =>
    view.git({ arguments: ['index-pack', '--stdin'], input, answers: [0, 128] }),
  )
  seen.set(path, signature)
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
