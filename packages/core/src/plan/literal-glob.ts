import type { Glob } from '../model/task.ts'

/** The glob of one file. A `\` in its name, which no glob can spell, becomes a `?`; so does a name of nothing but blanks. */
export function literalGlob(path: string): Glob {
  if (path.trim() === '') return '?'.repeat(path.length)
  return path.replace(/[\\*?[\]{}()!+@|"$^]/g, (char) => (char === '\\' ? '?' : `\\${char}`))
}
