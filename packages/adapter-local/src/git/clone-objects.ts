import { createHash } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { createInflate, inflate } from 'node:zlib'
import { codeOf, lookAt, namesIn, signatureOf, withoutWaiting } from '../disk/files.ts'
import { refuseLinks } from './clones.ts'
import type { GitContext } from './context.ts'
import { isOid } from './names.ts'
import { storeObject } from './objects.ts'
import { type PackedObject, packOf } from './pack.ts'
import { withView } from './view.ts'
import type { Place } from './worktrees.ts'

/** Objects that are read or written at the same time. */
const together = 32
/** More than so many are stored as packs: each file of its own waits for the disk. */
const fewObjects = 100
/** What a pack is made of in memory, and what an object may have to be put into one. Bytes. */
const packBytes = { all: 64_000_000, each: 4_000_000 }

const inflated = promisify(inflate)

/**
 * Copies every object that is only in the clone into the repository, staged ones and those that nothing names any more included: from then on it is as if
 * they had been made there. Their contents are checked against their names; no git reads the clone's configuration.
 */
export async function takeObjects(context: GitContext, place: Place): Promise<void> {
  refuseLinks(place)
  const from = join(place.entry, 'objects')
  const to = join(context.repository.commonDirectory, 'objects')
  const loose = namesIn(from)
    .filter((folder) => /^[0-9a-f]{2}$/.test(folder))
    .flatMap((folder) => namesIn(join(from, folder)).map((name) => join(folder, name)))
    .filter((path) => isOid(path.replace('/', '')) && lookAt(join(to, path)) === null)
  const files = loose.map((path) => ({ oid: path.replace('/', ''), path: join(from, path) }))
  if (files.length <= fewObjects) await takeLoose(context, files)
  else await takeTogether(context, await notThere(context, files))
  for (const name of namesIn(join(from, 'pack')).filter((each) => each.endsWith('.pack')))
    if (lookAt(join(to, 'pack', name)) === null) await takePack(context, join(from, 'pack', name))
}

interface LooseFile {
  readonly oid: string
  readonly path: string
}

/** Those that the repository has not got in a pack either. */
async function notThere({ repository }: GitContext, files: readonly LooseFile[]): Promise<readonly LooseFile[]> {
  const input = files.map(({ oid }) => `${oid}\n`).join('')
  const { output } = await withView(repository, {}, (view) =>
    view.git({ arguments: ['cat-file', '--batch-check=%(objectname)'], input }),
  )
  const there = new Set(output.split('\n'))
  return files.filter(({ oid }) => !there.has(oid))
}

async function takeTogether(context: GitContext, files: readonly LooseFile[]): Promise<void> {
  const alone: LooseFile[] = []
  let batch: PackedObject[] = []
  let bytes = 0
  const store = async (): Promise<void> => {
    if (batch.length > 0)
      await storePack(context, Readable.from([await packOf(batch, context.repository.objectFormat)]))
    batch = []
    bytes = 0
  }
  for (let at = 0; at < files.length; at += together) {
    const some = files.slice(at, at + together)
    const read = await Promise.all(some.map((file) => readLoose(context, file)))
    for (const [index, object] of read.entries()) {
      const file = some[index]
      if (object === 'large' && file !== undefined) alone.push(file)
      if (object === null || object === 'large') continue
      batch.push(object)
      bytes += object.content.length
    }
    if (bytes > packBytes.all) await store()
  }
  await store()
  await takeLoose(context, alone)
}

/** Null: it is no object, or not the one that its name says. */
async function readLoose(context: GitContext, { oid, path }: LooseFile): Promise<PackedObject | 'large' | null> {
  const found = lookAt(path)
  if (found?.isFile() !== true) return null
  if (found.size > packBytes.each) return 'large'
  let object: Buffer
  try {
    object = await inflated(await readFile(path, { flag: withoutWaiting }), { maxOutputLength: packBytes.each })
  } catch (error) {
    return codeOf(error) === 'ERR_BUFFER_TOO_LARGE' ? 'large' : null
  }
  if (createHash(context.repository.objectFormat).update(object).digest('hex') !== oid) return null
  const end = object.indexOf(0)
  const [kind = ''] = object.toString('latin1', 0, end).split(' ')
  return { kind, content: object.subarray(end + 1) }
}

/** What is no object, or not the one that its name says, is none of the agent's work. */
async function takeLoose(context: GitContext, files: readonly LooseFile[]): Promise<void> {
  // Each waits for the disk, which takes many in the time of one.
  for (let at = 0; at < files.length; at += together)
    await Promise.all(files.slice(at, at + together).map((file) => takeOne(context, file)))
}

async function takeOne({ repository }: GitContext, { oid, path }: LooseFile): Promise<void> {
  if (lookAt(path)?.isFile() !== true) return
  const bytes = await readFile(path, { flag: withoutWaiting })
  const hash = createHash(repository.objectFormat)
  try {
    for await (const part of Readable.from([bytes]).pipe(createInflate())) hash.update(part as Buffer)
  } catch {
    return
  }
  if (hash.digest('hex') === oid) await storeObject(join(repository.commonDirectory, 'objects'), oid, bytes)
}

/** Packs that were taken, or found to be none, as they were then. */
const seen = new Map<string, string | null>()

async function takePack(context: GitContext, path: string): Promise<void> {
  const signature = signatureOf(path)
  if (lookAt(path)?.isFile() !== true || seen.get(path) === signature) return
  const file = await open(path, withoutWaiting)
  await storePack(context, file.createReadStream())
  seen.set(path, signature)
}

/** Whatever a pack is said to hold, git names each object of it by its content. */
async function storePack({ repository }: GitContext, input: Readable): Promise<void> {
  await withView(repository, {}, (view) => view.git({ arguments: ['index-pack', '--stdin'], input, answers: [0, 128] }))
}
