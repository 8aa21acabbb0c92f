import { type Parsed, parseGlob } from './pattern.ts'

/** Globs by their text. Tasks are read anew on every pass, their texts stay the same. Emptied when it is full: it saves work, no more. */
const known = new Map<string, Parsed>()
const mostKnown = 20_000

/** The same as `parseGlob`, which is asked about each glob when tasks are checked and again when they are planned. */
export function parsedGlob(glob: string): Parsed {
  const found = known.get(glob)
  if (found !== undefined) return found
  const parsed = parseGlob(glob)
  if (known.size >= mostKnown) known.clear()
  known.set(glob, parsed)
  return parsed
}
