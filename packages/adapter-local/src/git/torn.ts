import { closeSync, openSync, readFileSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { lookAt, withoutWaiting } from '../disk/files.ts'
import type { Change } from './added.ts'
import { textOf } from './git.ts'
import type { Objects } from './objects.ts'

/**
 * Takes away what a git that was killed, or that found the disk full, has written half of a file: it would pass for work of the user's.
 * That is a file which a landing touches, which was written since that landing began, and which holds nothing but the beginning of what
 * the commit before or after it holds there: so nothing is lost whoever wrote it.
 *
 * @param begun when the landing began that did not get to its end; milliseconds since 1970
 */
export async function removeTorn(
  objects: Objects,
  files: string,
  changes: ReadonlyMap<string, Change>,
  begun: number,
): Promise<void> {
  for (const [path, change] of changes) {
    const file = join(files, textOf(path))
    const found = isReached(files, path) ? lookAt(file) : null
    if (found === null || !found.isFile() || found.mtimeMs < begun) continue
    const states = [change.old, change.new].filter((state) => state.startsWith('100'))
    const oids = states.map((state) => state.slice(state.indexOf(' ') + 1))
    const wholes = [...(await objects.blobs(oids)).values()].flatMap((text) => [text, text.replace(/\r?\n/g, '\r\n')])
    if (!wholes.some((whole) => found.size < whole.length)) continue
    const now = readBytes(file)
    if (wholes.some((whole) => now.length < whole.length && whole.startsWith(now))) unlinkSync(file)
  }
}

/** Whether every folder above it is one: behind a link it would be somebody else's file. */
function isReached(files: string, path: string): boolean {
  const names = textOf(path).split('/').slice(0, -1)
  return names.every((_, depth) => lookAt(join(files, ...names.slice(0, depth + 1)))?.isDirectory() === true)
}

/** One character per byte, as objects are read. */
function readBytes(file: string): string {
  const descriptor = openSync(file, withoutWaiting)
  try {
    return readFileSync(descriptor, 'latin1')
  } finally {
    closeSync(descriptor)
  }
}
