/** What a reviewer agent says of one head. Its texts are hostile input: shown and told, never obeyed. */
export interface ReviewVerdict {
  readonly verdict: 'approve' | 'changes'
  /** One or two sentences, 1 to 2000 characters. */
  readonly summary: string
  /** At most 30. */
  readonly findings: readonly ReviewFinding[]
}

export interface ReviewFinding {
  /** As the change names it, 1 to 300 characters. */
  readonly file: string
  /** From 1; absent: the file as a whole. */
  readonly line?: number
  /** 1 to 1000 characters. */
  readonly text: string
}

const most = { summary: 2000, findings: 30, file: 300, text: 1000 }

/** What keeps `value` from being a `ReviewVerdict`, one sentence; null: it is one. Nothing is guessed, and a field that nobody knows is refused. */
export function verdictProblem(value: unknown): string | null {
  if (!isObject(value)) return 'a verdict is an object'
  const { verdict, summary, findings } = value
  if (verdict !== 'approve' && verdict !== 'changes') return 'verdict must be "approve" or "changes"'
  if (!Array.isArray(findings) || findings.length > most.findings)
    return `findings must be a list of at most ${most.findings}`
  return (
    textProblem('summary', summary, most.summary) ??
    unknownIn(value, ['verdict', 'summary', 'findings']) ??
    findings.map(findingProblem).find((problem) => problem !== null) ??
    null
  )
}

function findingProblem(value: unknown, index: number): string | null {
  const name = `findings[${index}]`
  if (!isObject(value)) return `${name} must be an object`
  const { file, line, text } = value
  if ('line' in value && !(Number.isSafeInteger(line) && Number(line) >= 1))
    return `${name}.line must be a whole number from 1`
  return (
    textProblem(`${name}.file`, file, most.file) ??
    textProblem(`${name}.text`, text, most.text) ??
    unknownIn(value, ['file', 'line', 'text'], `${name}.`)
  )
}

function textProblem(name: string, value: unknown, longest: number): string | null {
  if (typeof value === 'string' && value.trim() !== '' && value.length <= longest) return null
  return `${name} must be a text of 1 to ${longest} characters`
}

function unknownIn(value: object, known: readonly string[], before = ''): string | null {
  const unknown = Object.keys(value).find((name) => !known.includes(name))
  return unknown === undefined ? null : `${before}${unknown.slice(0, 40)} is no field of it`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
