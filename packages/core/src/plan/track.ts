import { type Charset, fold, pairs, single, unite, withBothCases } from './charset.ts'
import type { Node } from './pattern.ts'

/** One step of a path: a segment by its name, a segment by a pattern, or any number of segments, none included. */
export type Step =
  | { readonly is: 'name'; readonly name: string }
  | { readonly is: 'pattern'; readonly key: string; readonly nodes: readonly Node[]; readonly caseSensitive: boolean }
  | { readonly is: 'any' }

/** A pattern segment by segment. Its language is that of its tracks together. */
export interface Track {
  readonly steps: readonly Step[]
  /** After the steps: nothing, anything below, or something that does not come in segments. */
  readonly ends: 'here' | 'below' | 'opaque'
}

/** Tracks that one pattern may fall into; beyond, the part with the alternatives is opaque. */
const mostTracks = 16

const star: Step = { is: 'pattern', key: '*', nodes: [{ is: 'star' }], caseSensitive: true }
const any: Step = { is: 'any' }

/** Tracks that can match no path, such as those with an empty segment, are left out. */
export function tracksOf(nodes: readonly Node[], caseSensitive: boolean): readonly Track[] {
  if (!caseSensitive && !nodes.every(isPlain)) return [{ steps: [], ends: 'opaque' }]
  const tracks: Track[] = []
  const waiting: (readonly Node[])[] = [nodes]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const found = trackOf(next, caseSensitive, tracks.length + waiting.length + 1)
    if ('either' in found) waiting.push(...found.either)
    else if (found.track !== null) tracks.push(found.track)
  }
  return tracks
}

type Found = { readonly track: Track | null } | { readonly either: readonly (readonly Node[])[] }

function trackOf(nodes: readonly Node[], caseSensitive: boolean, tracks: number): Found {
  const steps: Step[] = []
  let segment: Node[] = []
  /** Any number of segments came last; the `/` that follows belongs to them. */
  let open = false
  const opaque: Found = { track: { steps, ends: 'opaque' } }
  const close = (): boolean => {
    const step = stepOf(segment, caseSensitive)
    if (step !== null) steps.push(step)
    segment = []
    return step !== null
  }
  const goesOn = (index: number): boolean => {
    const next = nodes[index + 1]
    return next === undefined || (next.is === 'text' && next.text.startsWith('/'))
  }
  for (const [index, node] of nodes.entries()) {
    if (node.is === 'text') {
      const parts = (open && node.text.startsWith('/') ? node.text.slice(1) : node.text).split('/')
      open = false
      for (const [at, part] of parts.entries()) {
        if (at > 0 && !close()) return { track: null }
        if (part !== '') segment.push({ is: 'text', text: part })
      }
    } else if (node.is === 'any') {
      if (segment.length > 0 || open || !goesOn(index)) return opaque
      steps.push(star, any)
      open = true
    } else if (isBelow(node)) {
      if (open || !goesOn(index)) return opaque
      if (!close()) return { track: null }
      steps.push(any)
      open = true
    } else if (isAbove(node)) {
      if (segment.length > 0 || open) return opaque
      if (steps.at(-1)?.is !== 'any') steps.push(any)
    } else if (node.is === 'choice' && crosses(node)) {
      if (tracks + node.of.length > mostTracks) return opaque
      const [before, after] = [nodes.slice(0, index), nodes.slice(index + 1)]
      return { either: node.of.map((one) => [...before, ...one, ...after]) }
    } else {
      segment.push(node)
    }
  }
  if (open) return { track: { steps: steps.slice(0, -1), ends: 'below' } }
  return close() ? { track: { steps, ends: 'here' } } : { track: null }
}

/** Null: no segment is empty, `.` or `..`. */
function stepOf(segment: readonly Node[], caseSensitive: boolean): Step | null {
  if (segment.length === 0) return null
  if (segment.length === 1 && segment[0]?.is === 'star') return star
  let name = ''
  for (const node of segment) {
    if (node.is !== 'text') {
      return { is: 'pattern', key: `${caseSensitive}${keyOf(segment)}`, nodes: segment, caseSensitive }
    }
    name += node.text
  }
  return name === '.' || name === '..' ? null : { is: 'name', name: caseSensitive ? name : fold(name) }
}

/** A text for each pattern that no other has: nothing in a glob is a NUL. */
function keyOf(nodes: readonly Node[]): string {
  let key = ''
  for (const node of nodes) {
    if (node.is === 'text') key += node.text
    else if (node.is === 'set') key += `\0[${node.negated ? '^' : ''}${node.members.join()}\0]`
    else if (node.is === 'choice') key += `\0{${node.of.map(keyOf).join('\0,')}\0}`
    else key += `\0${node.is}\0`
  }
  return key
}

/** `/**` behind something: itself and all below. */
function isBelow(node: Node): boolean {
  if (node.is !== 'choice' || node.of.length !== 2) return false
  const [none, some] = node.of
  const [first, second] = some ?? []
  return none?.length === 0 && some?.length === 2 && first?.is === 'text' && first.text === '/' && second?.is === 'any'
}

// Two stars and a `/` before something.
function isAbove(node: Node): boolean {
  if (node.is !== 'choice' || node.of.length !== 2) return false
  const [none, some] = node.of
  const [first, second] = some ?? []
  return none?.length === 0 && some?.length === 2 && first?.is === 'any' && second?.is === 'text' && second.text === '/'
}

/** Whether it can match a `/`. */
function crosses(node: Node): boolean {
  if (node.is === 'text') return node.text.includes('/')
  return node.is === 'any' || (node.is === 'choice' && node.of.some((one) => one.some(crosses)))
}

/** Whether two spellings of it that differ only in case are told by their folded texts, letter by letter. */
function isPlain(node: Node): boolean {
  if (node.is === 'choice') return node.of.every((one) => one.every(isPlain))
  if (node.is === 'set') return pairs(node.members).every(([, high]) => high < 0x80)
  return node.is !== 'text' || isAscii(node.text) || [...node.text].every(isPlainLetter)
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false
  return true
}

function isPlainLetter(letter: string): boolean {
  const folded = fold(letter)
  if (folded.length !== letter.length || fold(folded) !== folded) return false
  for (let at = 0; at < letter.length; at++) {
    const [one, other] = [withBothCases(single(letter.charCodeAt(at))), withBothCases(single(folded.charCodeAt(at)))]
    if (!same(one, other)) return false
  }
  return true
}

function same(a: Charset, b: Charset): boolean {
  return unite(pairs(a)).join() === unite(pairs(b)).join()
}
