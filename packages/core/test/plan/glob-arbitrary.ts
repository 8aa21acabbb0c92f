import fc from 'fast-check'
import picomatch from 'picomatch'

/** The reference: picomatch with `dot`, and what the language adds to it: a pattern without wildcards covers what is below it. */
export function reference(glob: string): (path: string) => boolean {
  const matches = picomatch(glob, { dot: true })
  const literal = !/[*?[{]/.test(glob)
  return (path) => matches(path) || (literal && path.startsWith(`${glob}/`))
}

const word = fc.constantFrom('a', 'b', 'ab', 'c', '.a', 'a.b')
const piece = fc.oneof(
  { weight: 5, arbitrary: word },
  { weight: 2, arbitrary: fc.constant('*') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('?', '[ab]', '[^a]', '[a-c]', '{a,b}', '{a,bc}', '{b,a*}', '{1..3}', '{a..c}', '{,b}'),
  },
)
const segment = fc.oneof(
  { weight: 3, arbitrary: fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join('')) },
  { weight: 1, arbitrary: fc.constantFrom('**', '{a/b,c}', '{a/**,b}', '{a,**}', '{a/*,b/?}') },
)

/** Globs over a small alphabet, so that they meet often. */
export const globs = fc
  .array(segment, { minLength: 1, maxLength: 4 })
  .map((segments) => segments.join('/'))
  // Two stars beside a word are one to picomatch, except beside braces, where it cannot be told which.
  .filter((glob) => !/\*{3}|[^/{,]\*\*|\*\*[^/},]/.test(glob))
  // picomatch forgets to escape a dot when the glob holds a range.
  .filter((glob) => !glob.includes('..') || !/[^.]\.[^.]|^\.|\.$/.test(glob))

export const paths = fc
  .array(fc.array(fc.constantFrom('a', 'b', 'c', '.', '1', 'x'), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((segments) => segments.map((letters) => letters.join('')).join('/'))
  .filter((path) => !path.split('/').some((one) => one === '.' || one === '..'))
