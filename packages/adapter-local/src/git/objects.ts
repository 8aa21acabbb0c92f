import { createHash, randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { deflate, inflate } from 'node:zlib'
import { OrchError } from '@orch/core'
import { codeOf, lookAt, withoutWaiting } from '../disk/files.ts'
import { oidOf } from './names.ts'
import type { Repository } from './repository.ts'
import { withView } from './view.ts'

export interface Commit {
  readonly tree: string
  readonly parents: readonly string[]
  /** As git writes it: `Name <mail> seconds zone`. */
  readonly author: string
  readonly committer: string
  readonly message: string
}

/** What of a tree matters for finding files of one name. Names are one character per byte. */
export interface Outline {
  readonly folders: readonly (readonly [name: string, tree: string])[]
  /** The blob of its `.gitattributes`. */
  readonly attributes: string | null
}

/** The objects of the user's repository. Objects never change, so what was read once is kept. */
export interface Objects {
  /** Null when there is no such commit. */
  commit(oid: string): Promise<Commit | null>
  /** One process for all that are packed; those that are missing are left out. */
  commits(oids: readonly string[]): Promise<ReadonlyMap<string, Commit>>
  /** Looks anew: what nothing names, anybody's `git gc` may have taken away. */
  exists(oid: string): Promise<boolean>
  /** The contents of blobs, one character per byte; those that are missing are left out. */
  blobs(oids: readonly string[]): Promise<ReadonlyMap<string, string>>
  outlines(trees: readonly string[]): Promise<ReadonlyMap<string, Outline>>
  /** Stores a commit; the same commit has the same id. */
  writeCommit(commit: Commit): Promise<string>
  /**
   * `from` and its first parents down to the root or to `until`, which is not part of it. At most `limit`; then `complete` is false.
   */
  firstParents(
    from: string,
    until: string,
    limit: number,
  ): Promise<{ readonly oids: readonly string[]; readonly complete: boolean }>
}

const inflated = promisify(inflate)
const deflated = promisify(deflate)
/** Commits read ahead when one is no longer in a file of its own. */
const ahead = 200

/** @param folders where objects are; new ones go into the first. Default: the repository's. */
export function objectsOf(
  repository: Repository,
  folders: readonly [string, ...string[]] = [join(repository.commonDirectory, 'objects')],
): Objects {
  const [directory] = folders
  const commits = new Map<string, Commit>()
  const outlines = new Map<string, Outline>()

  /** New objects are files of their own, so a look at what was just made starts no process. */
  async function loose(oid: string): Promise<string | null> {
    for (const folder of folders) {
      try {
        const bytes = await inflated(
          await readFile(join(folder, oid.slice(0, 2), oid.slice(2)), { flag: withoutWaiting }),
        )
        return bytes.toString('latin1')
      } catch (error) {
        if (codeOf(error) === 'ENOENT') continue
        throw new OrchError('object-missing', `object ${oid} cannot be read`, { port: 'vcs', cause: error })
      }
    }
    return null
  }

  async function batch(input: readonly string[]): Promise<ReadonlyMap<string, { kind: string; content: string }>> {
    const answer = await withView(repository, { objects: folders }, (view) =>
      view.git({ arguments: ['cat-file', '--batch'], input: `${input.join('\n')}\n` }),
    )
    const found = new Map<string, { kind: string; content: string }>()
    for (let at = 0; at < answer.output.length; ) {
      const end = answer.output.indexOf('\n', at)
      const [oid = '', kind = '', size = ''] = answer.output.slice(at, end).split(' ')
      at = end + 1
      if (kind === 'missing') continue
      found.set(oid, { kind, content: answer.output.slice(at, at + Number(size)) })
      at += Number(size) + 1
    }
    return found
  }

  /** One process for many, when history has been packed. */
  async function readAhead(oid: string): Promise<void> {
    const listed = await withView(repository, {}, (view) =>
      view.git({
        arguments: ['rev-list', '--first-parent', `--max-count=${ahead}`, oidOf(oid), '--'],
        answers: [0, 128],
      }),
    )
    if (listed.code !== 0) return
    for (const [found, { kind, content }] of await batch(listed.output.trim().split('\n'))) {
      if (kind === 'commit') commits.set(found, parseCommit(content))
    }
  }

  async function contents(oids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>()
    const packed: string[] = []
    for (const oid of new Set(oids)) {
      const object = await loose(oid)
      if (object === null) packed.push(oid)
      else found.set(oid, object.slice(object.indexOf('\0') + 1))
    }
    if (packed.length > 0) for (const [oid, { content }] of await batch(packed)) found.set(oid, content)
    return found
  }

  const commit = async (oid: string, many = false): Promise<Commit | null> => {
    const known = commits.get(oidOf(oid))
    if (known !== undefined) return known
    const object = await loose(oid)
    if (object?.startsWith('commit ') === true) {
      const parsed = parseCommit(object.slice(object.indexOf('\0') + 1))
      commits.set(oid, parsed)
      return parsed
    }
    if (many) await readAhead(oid)
    else {
      const found = (await batch([oid])).get(oid)
      if (found?.kind === 'commit') commits.set(oid, parseCommit(found.content))
    }
    return commits.get(oid) ?? null
  }

  return {
    commit,
    async commits(oids) {
      const packed: string[] = []
      for (const oid of oids) {
        if (commits.has(oidOf(oid))) continue
        const object = await loose(oid)
        if (object === null) packed.push(oid)
        else if (object.startsWith('commit ')) commits.set(oid, parseCommit(object.slice(object.indexOf('\0') + 1)))
      }
      if (packed.length > 0)
        for (const [oid, { kind, content }] of await batch(packed))
          if (kind === 'commit') commits.set(oid, parseCommit(content))
      return new Map(oids.flatMap((oid) => (commits.has(oid) ? [[oid, commits.get(oid) as Commit]] : [])))
    },
    exists: async (oid) =>
      folders.some((folder) => lookAt(join(folder, oid.slice(0, 2), oid.slice(2))) !== null) ||
      (await batch([oid])).has(oid),
    blobs: contents,
    async outlines(trees) {
      const unknown = trees.filter((tree) => !outlines.has(tree))
      for (const [tree, content] of await contents(unknown)) outlines.set(tree, outlineOf(content, tree.length / 2))
      return outlines
    },
    async writeCommit(made) {
      const content = Buffer.from(textOfCommit(made), 'latin1')
      const object = Buffer.concat([Buffer.from(`commit ${content.length}\0`), content])
      const oid = createHash(repository.objectFormat).update(object).digest('hex')
      commits.set(oid, made)
      await storeObject(directory, oid, await deflated(object))
      return oid
    },
    async firstParents(from, until, limit) {
      const oids: string[] = []
      let at: string | undefined = from
      while (at !== undefined && at !== until) {
        if (oids.length === limit) return { oids, complete: false }
        oids.push(at)
        at = (await commit(at, true))?.parents[0]
      }
      return { oids, complete: true }
    },
  }
}

/** As git does it: written whole and to disk before it has its name. */
export async function storeObject(objects: string, oid: string, bytes: Uint8Array): Promise<void> {
  const directory = join(objects, oid.slice(0, 2))
  const name = oid.slice(2)
  await mkdir(directory, { recursive: true })
  const unfinished = join(directory, `tmp_obj_${randomBytes(6).toString('hex')}`)
  const file = await open(unfinished, 'wx', 0o444)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await link(unfinished, join(directory, name))
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  } finally {
    await unlink(unfinished)
  }
}

/** @param width bytes of an object id */
function outlineOf(content: string, width: number): Outline {
  const folders: (readonly [string, string])[] = []
  let attributes: string | null = null
  for (let at = 0; at < content.length; ) {
    const end = content.indexOf('\0', at)
    const space = content.indexOf(' ', at)
    const mode = content.slice(at, space)
    const name = content.slice(space + 1, end)
    const oid = Buffer.from(content.slice(end + 1, end + 1 + width), 'latin1').toString('hex')
    if (mode === '40000') folders.push([name, oid])
    // A link is not read by git either.
    else if (name === '.gitattributes' && mode.startsWith('100')) attributes = oid
    at = end + 1 + width
  }
  return { folders, attributes }
}

function textOfCommit(commit: Commit): string {
  const parents = commit.parents.map((parent) => `parent ${parent}\n`).join('')
  return `tree ${commit.tree}\n${parents}author ${commit.author}\ncommitter ${commit.committer}\n\n${commit.message}`
}

function parseCommit(content: string): Commit {
  const split = content.indexOf('\n\n')
  const head = split < 0 ? content : content.slice(0, split)
  const lines = head
    .split('\n')
    .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const)
  const value = (name: string) => lines.find(([key]) => key === name)?.[1] ?? ''
  return {
    tree: value('tree'),
    parents: lines.filter(([key]) => key === 'parent').map(([, parent]) => parent),
    author: value('author'),
    committer: value('committer'),
    message: split < 0 ? '' : content.slice(split + 2),
  }
}

/** Seconds since 1970 in a line like `Name <mail> 1700000000 +0100`. */
export function secondsOf(line: string): number {
  return Number(/ (\d+) [+-]\d{4}$/.exec(line)?.[1] ?? 0)
}
