import { braceAt, rangeValues } from './brace.ts'
import { bracketAt } from './bracket.ts'
import type { Charset } from './charset.ts'
import { normalGlob, skipAt } from './normalise.ts'

/** One thing in a pattern. `star` stays in its segment, `any` does not. */
export type Node =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'set'; readonly members: Charset; readonly negated: boolean }
  | { readonly is: 'one' }
  | { readonly is: 'star' }
  | { readonly is: 'any' }
  | { readonly is: 'choice'; readonly of: readonly (readonly Node[])[] }

/** A glob that was understood. */
export interface Pattern {
  /** The glob, normalised, without a leading `!`. */
  readonly text: string
  /** It takes paths out of its scope. */
  readonly negated: boolean
  /** What every path that it matches begins with. */
  readonly prefix: string
  /** After `prefix` every match ends or goes on with a `/`. */
  readonly whole: boolean
  /** It has no wildcard: it matches the path `prefix` and everything below it, and nothing else. */
  readonly literal: boolean
  readonly nodes: readonly Node[]
}

export type Parsed =
  | { readonly ok: true; readonly pattern: Pattern }
  /** @property message continues the sentence "the pattern … cannot be used: …" */
  | { readonly ok: false; readonly code: 'invalid-glob' | 'outside-repository'; readonly message: string }

const longest = 4096
const deepest = 20
/** What all ranges of a pattern may stand for together. */
const mostValues = 2000

class Refused extends Error {}

const star: Node = { is: 'star' }
const below: Node = { is: 'choice', of: [[], [{ is: 'text', text: '/' }, { is: 'any' }]] }

/**
 * Reads a glob: picomatch's language with `dot`, from the root. The differences: a pattern without wildcards covers what is below it, as one
 * that ends with `/` does; `(shop)` and `[...slug]` are names of folders; ranges such as `{8..11}` count.
 */
export function parseGlob(glob: string): Parsed {
  const negated = glob.startsWith('!') && !glob.startsWith('!(')
  const body = negated ? glob.slice(1) : glob
  const problem = refusal(body)
  if (problem !== null)
    return { ok: false, code: body.startsWith('/') ? 'outside-repository' : 'invalid-glob', message: problem }
  const normal = normalGlob(body)
  if ('problem' in normal)
    return { ok: false, code: normal.outside ? 'outside-repository' : 'invalid-glob', message: normal.problem }
  const { text } = normal
  try {
    const nodes = merged(new Reader(text).sequence(0, text.length, 0))
    const [only] = nodes
    if (nodes.length === 1 && only?.is === 'text' && !/(?<!\\)[*?[{]/.test(text)) {
      return {
        ok: true,
        pattern: { text, negated, prefix: only.text, whole: true, literal: true, nodes: [only, below] },
      }
    }
    const prefix = only?.is === 'text' ? only.text : ''
    const whole = prefix !== '' && (nodes[1] === below || (nodes[1]?.is === 'choice' && nodes[1].of[1]?.[0] === below))
    // A path that is spelled exactly like the pattern is matched by it: folders are called `[id]` and `{a,b}`.
    const spelled = !text.includes('\\') && /[[{]/.test(text)
    const all: readonly Node[] = spelled ? [{ is: 'choice', of: [nodes, [{ is: 'text', text }]] }] : nodes
    return { ok: true, pattern: { text, negated, prefix, whole, literal: false, nodes: all } }
  } catch (error) {
    if (error instanceof Refused) return { ok: false, code: 'invalid-glob', message: error.message }
    throw error
  }
}

function refusal(glob: string): string | null {
  if (glob.trim() === '') return 'it is empty'
  if (glob.length > longest) return `it is longer than ${longest} characters`
  if (glob.includes('\0')) return 'it holds a NUL byte'
  if (glob.startsWith('/')) return 'it is absolute; write it from the root of the repository'
  if (glob.startsWith('!') && !glob.startsWith('!(')) return 'it is negated twice'
  if (/\\(?:[a-zA-Z0-9/]|$)/.test(glob)) return 'a `\\` only goes before a special character; separate folders with `/`'
  return null
}

class Reader {
  readonly #glob: string
  #values = 0

  constructor(glob: string) {
    this.#glob = glob
  }

  /** What stands between two indexes, `depth` braces deep. */
  sequence(from: number, to: number, depth: number): Node[] {
    const glob = this.#glob
    const out: Node[] = []
    const text = (value: string) => out.push({ is: 'text', text: value })
    let parens = 0
    for (let at = from; at < to; ) {
      const char = glob[at] ?? ''
      const next = glob[at + 1]
      if (next === '(' && '@?*+!'.includes(char))
        throw new Refused(`extended patterns such as ${char}(…) are not supported; use {…,…}`)
      if (char === '\\') {
        text(glob[at + 1] ?? '')
        at += 2
      } else if (char === '*') {
        at = this.#stars(at, to, depth, out)
      } else if (char === '?') {
        out.push({ is: 'one' })
        at++
      } else if (char === '[') {
        at = this.#bracket(at, out)
      } else if (char === '{') {
        at = this.#braces(at, depth, out)
      } else {
        if (char === '(') parens++
        if (char === ')') parens = Math.max(0, parens - 1)
        if (char === '|' && parens > 0) throw new Refused('alternatives are written {a,b}, not (a|b)')
        if (char === '"') throw new Refused('a quotation mark has to be escaped: `\\"`')
        if (char === '+' && at > 0 && ']})'.includes(glob[at - 1] ?? '') && glob[at - 2] !== '\\') {
          throw new Refused('a `+` after a group has to be escaped: `\\+`')
        }
        text(char)
        at++
      }
    }
    return out
  }

  #bracket(at: number, out: Node[]): number {
    const bracket = bracketAt(this.#glob, at)
    if (typeof bracket === 'string') throw new Refused(bracket)
    if (bracket === null) {
      out.push({ is: 'text', text: '[' })
      return at + 1
    }
    const own: Node[] = bracket.text === null ? [] : [{ is: 'text', text: bracket.text }]
    if (bracket.members === null) out.push(...own)
    else {
      const set: Node = { is: 'set', members: bracket.members, negated: bracket.negated }
      out.push(own.length === 0 ? set : { is: 'choice', of: [own, [set]] })
    }
    return bracket.end
  }

  #braces(at: number, depth: number, out: Node[]): number {
    const glob = this.#glob
    const found = braceAt(glob, at, (index) => skipAt(glob, index))
    if (found === null) throw new Refused('a `{` is never closed; for the character itself write `\\{`')
    if (depth + found.depth > deepest) throw new Refused(`braces are nested more than ${deepest} deep`)
    const { close, commas } = found
    const inside = glob.slice(at + 1, close)
    const values = commas.length === 0 && !inside.includes('{') ? rangeValues(inside) : null
    if (typeof values === 'string') throw new Refused(values)
    if (values !== null) {
      this.#values += values.length
      if (this.#values > mostValues) throw new Refused(`its ranges stand for more than ${mostValues} values together`)
      out.push({ is: 'choice', of: values.map((value) => [{ is: 'text', text: value }]) })
    } else if (commas.length === 0) {
      out.push({ is: 'text', text: '{' }, ...this.sequence(at + 1, close, depth + 1), { is: 'text', text: '}' })
    } else {
      const ends = [...commas, close]
      out.push({
        is: 'choice',
        of: ends.map((end, index) => {
          const start = (index === 0 ? at : (commas[index - 1] ?? at)) + 1
          this.#alternative(glob.slice(start, end), at)
          return merged(this.sequence(start, end, depth + 1))
        }),
      })
    }
    return close + 1
  }

  /** Braces are not normalised, so what would have to be is refused. */
  #alternative(text: string, open: number): void {
    if (/\/\.{0,2}\/|^\.{1,2}\/|^\.\.$|\/\.{1,2}$/.test(text))
      throw new Refused('`.`, `..` and `//` have no place inside braces')
    if (open === 0 && text.startsWith('/'))
      throw new Refused('it is absolute; write it from the root of the repository')
    if (/^[^{]*[^./{]\.\.[^./{]/.test(text) && !text.includes('/')) {
      throw new Refused('a range and a list cannot share one pair of braces')
    }
  }

  // The same distinctions as picomatch makes: a double star alone in its segment crosses folders; at the end of a pattern it
  // also matches the folder itself, unless a star stands before the `/`.
  #stars(at: number, to: number, depth: number, out: Node[]): number {
    const glob = this.#glob
    let end = at
    while (glob[end] === '*' && end < to) end++
    const before = at === 0 ? '' : (glob[at - 1] ?? '')
    const opens = before === '' || before === '/' || (depth > 0 && ',{}'.includes(before) && glob[at - 2] !== '\\')
    const after = glob[end] ?? ''
    const closes = after === '' || after === '/' || after === '{' || (depth > 0 && ',}'.includes(after))
    if (end - at !== 2 || !opens || !closes) {
      out.push(star)
      return end
    }
    // Each further `/**` says the same once more.
    while (glob.startsWith('/**', end) && (glob[end + 3] === '/' || glob[end + 3] === undefined)) end += 3
    const last = end === glob.length
    if (before === '/') {
      const starBefore = glob[at - 2] === '*' && glob[at - 3] !== '\\'
      if (last ? !starBefore : glob[end] === '/') {
        out.pop() // the `/` before, which goes together with what follows it
        if (last || depth > 0) {
          out.push(below)
          return end
        }
        const rest: Node[] = [below, { is: 'text', text: '/' }, ...this.sequence(end + 1, to, depth)]
        // What may be empty at the end may go with its `/`: `a/**/{b,**}` matches `a`, as `a/**` does.
        const optional = rest[2]?.is !== 'star' && rest.slice(2).every(mayBeEmpty)
        out.push(...(optional ? [choiceOf(rest)] : rest))
        return to
      }
    } else if (before === '' && glob[end] === '/') {
      out.push({ is: 'choice', of: [[], [{ is: 'any' }, { is: 'text', text: '/' }]] })
      return end + 1
    }
    out.push({ is: 'any' })
    return end
  }
}

function choiceOf(nodes: readonly Node[]): Node {
  return { is: 'choice', of: [[], merged(nodes)] }
}

function mayBeEmpty(node: Node): boolean {
  return (
    node.is === 'star' || node.is === 'any' || (node.is === 'choice' && node.of.some((one) => one.every(mayBeEmpty)))
  )
}

/** Neighbouring texts and neighbouring stars become one. */
function merged(nodes: readonly Node[]): Node[] {
  const out: Node[] = []
  for (const node of nodes) {
    const last = out.at(-1)
    if (node.is === 'text' && last?.is === 'text') out[out.length - 1] = { is: 'text', text: last.text + node.text }
    else if (!(node.is === 'star' && last?.is === 'star')) out.push(node)
  }
  return out
}
