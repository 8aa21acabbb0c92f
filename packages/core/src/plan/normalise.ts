import { braceAt } from './brace.ts'
import { bracketAt } from './bracket.ts'

/** The index after the escape or character class that starts at `at`; `at` itself when none does. */
export function skipAt(glob: string, at: number): number {
  if (glob[at] === '\\') return at + 2
  if (glob[at] !== '[') return at
  const bracket = bracketAt(glob, at)
  return bracket === null || typeof bracket === 'string' ? at : bracket.end
}

/**
 * A path from the root without `.`, `..` and empty segments, in Unicode's composed form; null when it leaves the root or is empty.
 * An absolute path is refused: it is not from the root of the repository.
 */
export function normalPath(path: string): string | null {
  if (path.includes('\0') || path.startsWith('/')) return null
  if (path !== '' && !/(?:^|\/)\.{0,2}(?:\/|$)/.test(path)) return path.normalize('NFC')
  const segments: string[] = []
  for (const segment of path.normalize('NFC').split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment !== '..') segments.push(segment)
    else if (segments.pop() === undefined) return null
  }
  return segments.length === 0 ? null : segments.join('/')
}

/** The same for a glob's text; `problem` says why it cannot be one. A trailing `/` means everything below. */
export function normalGlob(
  glob: string,
): { readonly text: string } | { readonly problem: string; readonly outside: boolean } {
  const segments: string[] = []
  for (const segment of segmentsOf(glob.normalize('NFC'))) {
    if (segment === '' || segment === '.') continue
    if (segment !== '..') {
      segments.push(segment)
      continue
    }
    const before = segments.pop()
    if (before === undefined) return { problem: '`..` leaves the root of the repository', outside: true }
    if (/[*?[{]/.test(before)) return { problem: '`..` after a wildcard has no meaning', outside: false }
  }
  if (segments.length === 0) return { text: '**' } // `.` and `./`: the root itself
  const text = segments.join('/')
  return {
    text: glob.endsWith('/') && /[*?[{]/.test(text) && !text.endsWith('/**') && text !== '**' ? `${text}/**` : text,
  }
}

/** Split at each `/` that is not inside braces or a character class. */
function segmentsOf(glob: string): string[] {
  const out: string[] = []
  let start = 0
  for (let at = 0; at < glob.length; at++) {
    const after = skipAt(glob, at)
    if (after > at) at = after - 1
    else if (glob[at] === '{') at = braceAt(glob, at, (index) => skipAt(glob, index))?.close ?? at
    else if (glob[at] === '/') {
      out.push(glob.slice(start, at))
      start = at + 1
    }
  }
  out.push(glob.slice(start))
  return out
}
