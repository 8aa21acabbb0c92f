import type { Problem } from '@orch/core'
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml'
import { conflictAt, conflictText } from './merge-conflict.ts'

/** Times that one anchor may be used: enough for people, too few for a file that grows without end when it is read. */
const mostAliases = 100
/** Names `&…` and `*…` in one file: looking one up takes as long as there are names. */
const mostNames = 2000
/** Problems of one file that are told. */
const mostProblems = 20

export interface ParsedText {
  /** Undefined when there are problems. */
  readonly value: unknown
  /** Each with `file:line:column`, and the line. */
  readonly problems: readonly Problem[]
}

interface Found {
  readonly code: Extract<Problem['code'], 'syntax' | 'too-many-aliases' | 'too-deep'>
  /** Null where the place says nothing: how far the engine came. */
  readonly at: number | null
  readonly said: string
}

/**
 * YAML 1.2, and with it JSON. One document, no key twice, no tags of one's own. In a time that grows with the size, whatever it says.
 * @param asWritten fields whose numbers are names: 007 stays 007
 */
export function parseYaml(file: string, given: string, asWritten: readonly string[] = []): ParsedText {
  const text = given.replace(/^\uFEFF/, '')
  const lines = new LineCounter()
  // Its own look at keys compares each with each.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, version: '1.2' })
  // What follows the first mistake is often read wrong because of it.
  const [wrong] = document.errors
  const conflict = wrong === undefined ? null : conflictAt(text)
  if (conflict !== null)
    return {
      value: undefined,
      problems: told(file, text, lines, [{ code: 'syntax', at: conflict, said: conflictText }]),
    }
  const errors = (wrong === undefined ? document.warnings : [wrong]).map((error): Found => {
    if (error.code === 'RESOURCE_EXHAUSTION') return tooDeep
    const said = error.code === 'MULTIPLE_DOCS' ? 'a second document begins here; one per file is read' : error.message
    return { code: 'syntax', at: error.pos[0], said }
  })
  const found = errors.length > 0 ? errors : unusable(document, asWritten)
  if (found.length > 0) return { value: undefined, problems: told(file, text, lines, found) }
  try {
    return { value: document.toJS({ maxAliasCount: mostAliases }), problems: [] }
  } catch (error) {
    const overflow = error instanceof RangeError
    if (!overflow && !(error instanceof ReferenceError)) throw error
    const what = overflow ? tooDeep : tooManyAliases(0)
    return { value: undefined, problems: told(file, text, lines, [what]) }
  }
}

const tooDeep: Found = {
  code: 'too-deep',
  at: null,
  said: 'lists and objects are nested too deeply; nothing that is read needs that',
}

function tooManyAliases(at: number): Found {
  const limits = `one name may be used ${mostAliases} times, and a file may have ${mostNames}`
  return { code: 'too-many-aliases', at, said: `anchors are repeated too often (${limits}); write them out` }
}

/** What the parser accepts and we do not: keys that come twice or are no texts, names that are nowhere, too many of them. */
function unusable(document: Document, asWritten: readonly string[]): Found[] {
  const found: Found[] = []
  const anchors = new Set<string>()
  let names = 0
  visit(document, {
    Node(_key, node) {
      const at = node.range?.[0] ?? 0
      const named = isAlias(node) || node.anchor !== undefined
      if (named && ++names > mostNames) {
        found.push(tooManyAliases(at))
        return visit.BREAK
      }
      if (isAlias(node) && !anchors.has(node.source))
        found.push({ code: 'syntax', at, said: `there is no anchor &${node.source} before this` })
      if (!isAlias(node) && node.anchor !== undefined) anchors.add(node.anchor)
      if (isMap(node)) {
        found.push(...unusableKeys(node))
        for (const { key, value } of node.items)
          if (isScalar(key) && asWritten.includes(String(key.value))) keepText(value)
      }
      return undefined
    },
  })
  return found
}

function unusableKeys(map: YAMLMap): Found[] {
  const seen = new Set<unknown>()
  return map.items.flatMap(({ key }): Found[] => {
    const at = isNode(key) ? (key.range?.[0] ?? 0) : 0
    if (!isScalar(key)) return [{ code: 'syntax', at, said: 'a key must be a text' }]
    const again = seen.has(key.value)
    seen.add(key.value)
    return again ? [{ code: 'syntax', at, said: `the key ${String(key.value).slice(0, 80)} is here twice` }] : []
  })
}

/** The number, or each of a list, as the file spells it. */
function keepText(node: unknown): void {
  if (isSeq(node)) for (const item of node.items) keepText(item)
  else if (isScalar(node) && typeof node.value === 'number' && node.source !== undefined) node.value = node.source
}

function told(file: string, text: string, lines: LineCounter, found: readonly Found[]): readonly Problem[] {
  const problems = found.slice(0, mostProblems).map(({ code, at, said }): Problem => {
    if (at === null) return { code, message: `${file}: ${said}` }
    const { line, col } = lines.linePos(at)
    const start = lines.lineStarts[line - 1] ?? 0
    // Not every line within a text of many lines is counted.
    const source = (text.slice(start).split('\n', 1)[0] ?? '').trimEnd()
    const tab =
      code === 'syntax' && /^ *\t/.test(source) ? '; the line begins with a tab, and YAML is indented with spaces' : ''
    const shown = source === '' || source.length > 200 ? '' : `\n${source}\n${' '.repeat(Math.max(0, col - 1))}^`
    return { code, message: `${file}:${line}:${col}: ${said}${tab}${shown}` }
  })
  const more = found.length - problems.length
  return more === 0 ? problems : [...problems, { code: 'syntax', message: `${file}: and ${more} more problems` }]
}
