import { type ReviewVerdict, verdictProblem } from './review-verdict.ts'

/** What an agent tells about its turn, one JSON line each in `$ORCH_OUTBOX`; a `verdict` is a reviewer's. */
export type Report =
  | { readonly tell: 'planning'; readonly note?: string }
  | { readonly tell: 'working'; readonly note?: string }
  | { readonly tell: 'stuck'; readonly reason: string; readonly options: readonly string[]; readonly context: string }
  | { readonly tell: 'done'; readonly noChanges?: string }
  | ({ readonly tell: 'verdict' } & ReviewVerdict)
  /** What was to be a verdict and is none. */
  | { readonly tell: 'no-verdict'; readonly why: string }

/** Characters of why it is none. */
const mostWhy = 300

/** What counts after `next`: a verdict, or what was to be one, stands until there is another one or a question, whatever is told of the turn itself. */
export function latestReport(before: Report | null, next: Report): Report {
  const isAnswer = ({ tell }: Report): boolean => tell === 'verdict' || tell === 'no-verdict'
  const stands = before !== null && isAnswer(before) && !isAnswer(next) && next.tell !== 'stuck'
  return stands ? before : next
}

/** The report in one line of an outbox, or null when the line is none. Unknown fields are ignored but in a verdict; a line is hostile input. */
export function parseReport(line: string): Report | null {
  if (line.length > 64 * 1024) return null
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return null // not JSON: an agent's own chatter
  }
  if (typeof value !== 'object' || value === null) return null
  const fields = value as Record<string, unknown>
  const text = (name: string): string | undefined => {
    const found = fields[name]
    return typeof found === 'string' ? found : undefined
  }
  switch (fields.tell) {
    case 'planning':
    case 'working': {
      const note = text('note')
      return note === undefined ? { tell: fields.tell } : { tell: fields.tell, note }
    }
    case 'stuck': {
      const options = Array.isArray(fields.options) ? fields.options.filter((o) => typeof o === 'string') : []
      return { tell: 'stuck', reason: text('reason') ?? 'no reason given', options, context: text('context') ?? '' }
    }
    case 'done': {
      const noChanges = text('noChanges')
      return noChanges === undefined ? { tell: 'done' } : { tell: 'done', noChanges }
    }
    case 'verdict': {
      const { tell, ...rest } = fields
      const why = verdictProblem(rest)
      return why === null ? { tell, ...(rest as unknown as ReviewVerdict) } : { tell: 'no-verdict', why }
    }
    case 'no-verdict':
      return { tell: 'no-verdict', why: (text('why') ?? 'no reason given').slice(0, mostWhy) }
    default:
      return null
  }
}
