import type { Problem } from '@orch/core'
import { LineCounter, parseDocument } from 'yaml'

/** Times that one anchor may be used: enough for people, too few for a file that grows without end when it is read. */
const mostAliases = 100

export interface ParsedText {
  /** Undefined when there are problems. */
  readonly value: unknown
  /** Each with `file:line:column`, and the line. */
  readonly problems: readonly Problem[]
}

/** YAML 1.2, and with it JSON. One document, no key twice, no tags of one's own. */
export function parseYaml(file: string, text: string): ParsedText {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, version: '1.2' })
  const problems = [...document.errors, ...document.warnings].map(({ code, message, pos }) => {
    const { line, col } = lines.linePos(pos[0])
    const said = code === 'MULTIPLE_DOCS' ? 'a second document begins here; one per file is read' : message
    const source = text.split('\n')[line - 1]?.trimEnd() ?? ''
    const shown = source === '' || source.length > 200 ? '' : `\n${source}\n${' '.repeat(col - 1)}^`
    return { code: 'syntax' as const, message: `${file}:${line}:${col}: ${said}${shown}` }
  })
  if (problems.length > 0) return { value: undefined, problems }
  try {
    return { value: document.toJS({ maxAliasCount: mostAliases }), problems: [] }
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    return { value: undefined, problems: [{ code: 'too-many-aliases', message: `${file}: ${error.message}` }] }
  }
}
