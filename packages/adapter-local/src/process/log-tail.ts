import { stripVTControlCharacters } from 'node:util'
import type { Redact } from '@orch/core'
import { readPart } from '../disk/files.ts'
import { type Folder, statFile } from './folder.ts'

/** What is shown of a log at most, whatever its size. */
const chunk = 64 * 1024
/** Read before it, so that a secret on its edge is whole. */
const before = 16 * 1024

/** The last lines of the log, newest last, without what would move a terminal's cursor. A line that begins before what is read is left out. */
export function tailOf(folder: Folder, lines: number, redact: Redact): string[] {
  const stat = statFile(folder.log)
  if (stat === null || stat.size === 0 || lines <= 0) return []
  const from = Math.max(0, stat.size - chunk - before)
  const text = readPart(folder.log, from, stat.size - from).toString('utf8')
  // As a whole, and without what is not shown: a secret may be broken by either.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const visible = stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
  const clean = redact(visible)
  const shown = from > 0 ? clean.slice(-chunk) : clean
  const found = shown.split('\n')
  if (found.at(-1) === '') found.pop()
  if (from > 0 && found.length > 1) found.shift()
  return found.slice(-lines)
}
