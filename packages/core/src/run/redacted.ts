import type { AgentProfile } from '../model/profile.ts'
import { keepAll, type Redact, redaction, secretsIn } from '../model/redaction.ts'
import type { AgentRunner } from '../ports/agent-runner.ts'

/** Fields that hold words for people or agents; all others are names, which have to stay what they are. */
const texts = new Set(
  [
    ['prompt', 'text', 'note', 'message', 'title', 'body', 'why', 'detail', 'subject', 'patch', 'tail', 'waits'],
    ['reason', 'options', 'context', 'failure', 'stopping', 'noChanges', 'guidance', 'stuckReason', 'stuckContext'],
    ['ours', 'theirs', 'summary', 'file'],
  ].flat(),
)

/** Fields that hold names of files. Where these are told, a secret in one is taken out; where they are used, they are what they are. */
const names = ['path', 'files', 'left', 'outside', 'guarded', 'first', 'unused', 'writes', 'named', 'from', 'to']
const told = new Set([...texts, ...names])

/** What is opaque, and what the agent's program needs to be started. */
const untouched = new Set(['profile', 'environment', 'resume', 'signal'])

export function redactionOf(known: {
  readonly runner: AgentRunner
  readonly profiles: readonly AgentProfile[]
}): Redact {
  const { runner, profiles } = known
  return redaction([...(runner.secrets ?? []), ...profiles.flatMap(({ environment = {} }) => secretsIn(environment))])
}

/** The same with every text in it redacted; the very same where nothing is. */
export function redacted<T>(value: T, redact: Redact): T {
  return redact === keepAll ? value : (deep(value, { redact, fields: texts }, false) as T)
}

/** The same with the names of files, too: for what nobody opens a file by. */
export function redactedNames<T>(value: T, redact: Redact): T {
  return redact === keepAll ? value : (deep(value, { redact, fields: told }, false) as T)
}

interface How {
  readonly redact: Redact
  readonly fields: ReadonlySet<string>
}

function deep(value: unknown, how: How, isText: boolean): unknown {
  if (typeof value === 'string') return isText ? how.redact(value) : value
  if (Array.isArray(value)) {
    const made = value.map((each) => deep(each, how, isText))
    return made.some((each, at) => each !== value[at]) ? made : value
  }
  if (value instanceof Map) {
    const made = [...value].map(([key, each]) => [key, deep(each, how, false)] as const)
    return made.some(([key, each]) => each !== value.get(key)) ? new Map(made) : value
  }
  if (!isPlain(value)) return value
  const changed = Object.entries(value).flatMap(([name, before]) => {
    const after = untouched.has(name) ? before : deep(before, how, how.fields.has(name))
    return after === before ? [] : [[name, after] as const]
  })
  return changed.length === 0 ? value : { ...value, ...Object.fromEntries(changed) }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** The same error, whoever has it by now. */
export function redactedError(error: unknown, redact: Redact): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? redact(error) : error
  error.message = redact(error.message)
  if (error.stack !== undefined) error.stack = redact(error.stack)
  if ('problems' in error) Object.assign(error, { problems: redacted(error.problems, redact) })
  // What a port was given to fail with may hold anything.
  if (error.cause !== undefined) error.cause = redactedError(error.cause, redact)
  return error
}
