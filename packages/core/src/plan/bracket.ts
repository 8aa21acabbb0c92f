import { type Charset, unite } from './charset.ts'

/** A character class such as `[a-z]`, or the text that looks like one. */
export interface Bracket {
  /** The index after it. */
  readonly end: number
  /** Its members as a class; null when it stands only for its own text. */
  readonly members: Charset | null
  /** It matches everything but its members. */
  readonly negated: boolean
  /** Its own text, when it matches that as well: `[id]` is both the name of a folder and a class. */
  readonly text: string | null
}

/** The class that starts at `at`, null when no `]` follows and the `[` is an ordinary character, a text when it is refused. */
export function bracketAt(glob: string, at: number): Bracket | string | null {
  // A catch-all route: nobody writes a class with the same dot three times.
  const route = /^(?:\[\.\.\.[\w-]+\]|\[\[\.\.\.[\w-]+\]\])/.exec(glob.slice(at, at + 200))?.[0]
  if (route !== undefined) return { end: at + route.length, members: null, negated: false, text: route }
  if (!glob.includes(']', at + 1)) return null
  if (glob[at + 1] === '!') return 'a negated character class is written [^…], not [!…]'
  const negated = glob[at + 1] === '^'
  const first = at + (negated ? 2 : 1)
  const ranges: [number, number][] = []
  let index = first
  const character = (): number | null => {
    if (glob[index] === '\\') index++
    const code = glob.charCodeAt(index)
    index++
    return Number.isNaN(code) ? null : code
  }
  while (index < glob.length && (glob[index] !== ']' || index === first)) {
    const char = glob[index]
    if (char === '/') return 'a character class cannot hold a `/`'
    if (char === '[') return 'a character class cannot hold a `[`; for the character itself write `\\[`'
    if (char === '$') return 'a character class cannot hold a `$`; for the character itself write `\\$`'
    const low = character()
    let high = low
    if (glob[index] === '-' && glob[index + 1] !== undefined && glob[index + 1] !== ']') {
      index++
      if (glob[index] === '/' || glob[index] === '[') return 'a range in a character class cannot end in `/` or `[`'
      high = character()
    }
    if (low === null || high === null) break
    if (high < low) return `the range ${glob.slice(at, index)} of a character class runs backwards`
    if (low <= 47 && high >= 47) return 'a character class cannot hold a `/`'
    ranges.push([low, high])
  }
  if (glob[index] !== ']') return 'a character class is never closed; for the character itself write `\\[`'
  const inside = glob.slice(at + 1, index)
  return {
    end: index + 1,
    members: unite(ranges),
    negated,
    text: /[-*+?.^${}(|)[\]\\]/.test(inside) ? null : `[${inside}]`,
  }
}
