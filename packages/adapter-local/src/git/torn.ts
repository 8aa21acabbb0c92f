import { closeSync, openSync, readSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { lookAt, withoutWaiting } from '../disk/files.ts'
import type { Change } from './added.ts'
import { textOf } from './git.ts'
import type { View } from './view.ts'

/**
 * Takes away what a git that was killed, or that found the disk full, has written half of a file: it would pass for work of the user's.
 * That is a file which a landing touches, which was written since that landing began, and which holds nothing but the beginning of what
 * the commit before or after it holds there: so nothing is lost whoever wrote it.
 *
 * @param begun when the landing began that did not get to its end; milliseconds since 1970
 */
export async function removeTorn(
  view: View,
  files: string,
  changes: ReadonlyMap<string, Change>,
  begun: number,
): Promise<void> {
  const asked: { readonly file: string; readonly size: number; readonly oid: string }[] = []
  for (const [path, change] of changes) {
    const file = join(files, textOf(path))
    const found = isReached(files, path) ? lookAt(file) : null
    if (found === null || !found.isFile() || found.mtimeMs < begun) continue
    for (const state of [change.old, change.new])
      if (state.startsWith('100')) asked.push({ file, size: found.size, oid: state.slice(state.indexOf(' ') + 1) })
  }
  if (asked.length === 0) return
  const torn = new Set<string>()
  // One process for thousands of them, and none is ever whole in memory.
  let last: Comparison | null = null
  const reader = new BatchReader((size) => {
    const next = asked.shift()
    last?.close()
    last = next === undefined || size === null ? null : new Comparison(next.file, next.size, torn)
    return last
  })
  try {
    await view.git({
      arguments: ['cat-file', '--batch'],
      input: asked.map(({ oid }) => `${oid}\n`).join(''),
      take(part) {
        reader.take(part)
        return undefined
      },
    })
  } finally {
    ;(last as Comparison | null)?.close()
  }
  for (const file of torn) unlinkSync(file)
}

/** Whether every folder above it is one: behind a link it would be somebody else's file. */
function isReached(files: string, path: string): boolean {
  const names = textOf(path).split('/').slice(0, -1)
  return names.every((_, depth) => lookAt(join(files, ...names.slice(0, depth + 1)))?.isDirectory() === true)
}

/** What `git cat-file --batch` prints, as it comes. */
class BatchReader {
  #head: Buffer = Buffer.alloc(0)
  /** Of the object that is being read, with the line break behind it; zero between two. */
  #left = 0
  #to: Comparison | null = null
  readonly #begin: (size: number | null) => Comparison | null

  /** @param begin called for each object in turn; null for one that is missing */
  constructor(begin: (size: number | null) => Comparison | null) {
    this.#begin = begin
  }

  take(part: Buffer): void {
    for (let at = 0; at < part.length; ) {
      if (this.#left > 0) {
        const content = part.subarray(at, at + this.#left - 1)
        this.#to?.take(content)
        const taken = Math.min(this.#left, part.length - at)
        at += taken
        this.#left -= taken
        continue
      }
      const end = part.indexOf('\n', at)
      this.#head = Buffer.concat([this.#head, part.subarray(at, end < 0 ? part.length : end)])
      if (end < 0) return
      at = end + 1
      const [, , size] = this.#head.toString('latin1').split(' ')
      this.#head = Buffer.alloc(0)
      this.#to = this.#begin(size === undefined ? null : Number(size))
      this.#left = size === undefined ? 0 : Number(size) + 1
    }
  }
}

const [lineFeed, carriageReturn] = [10, 13]

/** Whether a file holds nothing but the beginning of a longer object, with line ends as they are or as on Windows. */
class Comparison {
  readonly #file: string
  readonly #size: number
  readonly #torn: Set<string>
  readonly #descriptor: number
  readonly #ways = [
    { at: 0, isAlike: true },
    { at: 0, isAlike: true },
  ]
  #last = 0

  constructor(file: string, size: number, torn: Set<string>) {
    this.#file = file
    this.#size = size
    this.#torn = torn
    this.#descriptor = openSync(file, withoutWaiting)
  }

  take(part: Buffer): void {
    const [asIs, asOnWindows] = this.#ways
    for (const way of [asIs, asOnWindows]) {
      if (way === undefined || !way.isAlike) continue
      const expected = way === asIs ? part : onWindows(part, this.#last)
      const length = Math.max(0, Math.min(expected.length, this.#size - way.at))
      const found = Buffer.alloc(length)
      way.isAlike =
        readSync(this.#descriptor, found, 0, length, way.at) === length && found.equals(expected.subarray(0, length))
      way.at += expected.length
      if (way.isAlike && way.at > this.#size) this.#torn.add(this.#file)
    }
    this.#last = part.at(-1) ?? this.#last
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}

function onWindows(part: Buffer, before: number): Buffer {
  const longer = Buffer.alloc(part.length * 2)
  let length = 0
  let last = before
  for (const byte of part) {
    if (byte === lineFeed && last !== carriageReturn) longer[length++] = carriageReturn
    longer[length++] = byte
    last = byte
  }
  return longer.subarray(0, length)
}
