import { lstatSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { codeOf } from '../disk/files.ts'
import { bytesOf } from './git.ts'
import type { View } from './view.ts'

/** Bytes of an entry before its object id: times, device, inode, mode, owner and size. */
const beforeId = 40
const header = 12
const assumeUnchanged = 0x8000
const extended = 0x4000
const skipWorktree = 0x4000

/**
 * Takes the marks off the view's index that keep git from looking at files: what an agent wrote into such a file is work. Only where
 * the file of a skipped entry is not there does the mark stay, as it does in a sparse check-out: it would count as deleted otherwise.
 */
export async function unhide(view: View, files: string, objectFormat: 'sha1' | 'sha256'): Promise<void> {
  if (!mayHide(await readFile(view.index), objectFormat === 'sha256' ? 32 : 20)) return
  const listed = (await view.git({ arguments: ['ls-files', '-v', '-z'] })).output.split('\0')
  const pathsOf = (marks: RegExp) => listed.filter((line) => marks.test(line)).map((line) => line.slice(2))
  await clear(view, '--no-assume-unchanged', pathsOf(/^[a-z] /))
  const skipped = pathsOf(/^[Ss] /).filter((path) => isThere(files, path))
  await clear(view, '--no-skip-worktree', skipped)
}

async function clear(view: View, mark: string, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return
  const input = paths.map((path) => `${path}\0`).join('')
  await view.git({ arguments: ['update-index', '-z', mark, '--stdin'], input })
}

/** @param path as git has it: one character per byte */
export function isThere(files: string, path: string): boolean {
  try {
    return lstatSync(Buffer.concat([Buffer.from(`${files}/`), bytesOf(path)]), { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    if (['ENOTDIR', 'ENAMETOOLONG', 'ELOOP'].includes(codeOf(error) ?? '')) return false
    throw error
  }
}

/**
 * Whether any entry has such a mark, which in most indexes none has: reading them here saves a process. True as well for what is not
 * understood, and for an index whose entries are partly in another file.
 */
export function mayHide(index: Buffer, idBytes: number): boolean {
  try {
    return scan(index, idBytes)
  } catch (error) {
    if (error instanceof RangeError) return true
    throw error
  }
}

function scan(index: Buffer, idBytes: number): boolean {
  const version = index.readUInt32BE(4)
  if (index.toString('latin1', 0, 4) !== 'DIRC' || version < 2 || version > 4) return true
  let at = header
  for (let left = index.readUInt32BE(8); left > 0; left -= 1) {
    const start = at
    at += beforeId + idBytes
    const flags = index.readUInt16BE(at)
    if ((flags & assumeUnchanged) !== 0) return true
    at += 2
    if ((flags & extended) !== 0) {
      if ((index.readUInt16BE(at) & skipWorktree) !== 0) return true
      at += 2
    }
    // Version 4 begins a name with how much of the last one it drops, which may have a zero in it.
    if (version === 4) while ((index.readUInt8(at++) & 0x80) !== 0);
    const end = index.indexOf(0, at)
    if (end < 0) return true
    // Filled up with 1 to 8 zeros.
    at = version === 4 ? end + 1 : start + ((end - start + 8) & ~7)
  }
  while (at < index.length - idBytes) {
    if (index.toString('latin1', at, at + 4) === 'link') return true
    at += 8 + index.readUInt32BE(at + 4)
  }
  return false
}
