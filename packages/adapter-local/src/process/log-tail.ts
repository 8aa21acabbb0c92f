import { stripVTControlCharacters } from 'node:util'
import { type Folder, readPart, statFile } from './folder.ts'

/** What is read of a log to show its end, whatever its size. */
const chunk = 64 * 1024

/** The last lines of the log, newest last, without what would move a terminal's cursor. A line cut by the chunk's start is left out. */
export function tailOf(folder: Folder, lines: number): string[] {
  const stat = statFile(folder.log)
  if (stat === null || stat.size === 0 || lines <= 0) return []
  const from = Math.max(0, stat.size - chunk)
  const text = readPart(folder.log, from, stat.size - from).toString('utf8')
  const found = stripVTControlCharacters(text).split(/\r?\n/)
  if (found.at(-1) === '') found.pop()
  if (from > 0 && found.length > 1) found.shift()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return found.slice(-lines).map((line) => line.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ''))
}
