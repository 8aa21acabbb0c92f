import { statSync } from 'node:fs'
import { copyFile, utimes } from 'node:fs/promises'
import { OrchError } from '@orch/core'

/**
 * Copies an index. Git looks twice at files that changed no earlier than the index was written, so the copy must not look
 * younger than the original. False when there is none.
 */
export async function copyIndex(from: string, to: string): Promise<boolean> {
  const original = statSync(from, { throwIfNoEntry: false })
  if (original === undefined) return false
  // Copying from a pipe would wait for somebody to write to it.
  if (!original.isFile()) throw new OrchError('no-access', `${from} is no file; move it away`, { port: 'vcs' })
  await copyFile(from, to)
  const time = Math.floor(original.mtimeMs / 1000)
  await utimes(to, time, time)
  return true
}
