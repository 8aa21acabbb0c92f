import type * as z from 'zod'
import type { Problem } from './error.ts'
import { nearest } from './nearest.ts'

/** The names that may stand at each path, `''` for the top. */
export type KnownNames = Readonly<Record<string, readonly string[]>>

/** What a schema found wrong with `root`, one sentence each, with the path, the allowed values, and the nearest of `names` for an unknown one. */
export function schemaProblems(error: z.ZodError, root: unknown, names: KnownNames): readonly Problem[] {
  return error.issues.flatMap((issue) => problemsOf(issue, root, names))
}

function problemsOf(issue: z.core.$ZodIssue, root: unknown, names: KnownNames): Problem[] {
  const field = pathText(issue.path)
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownName(field, key, names))
  const problem = (message: string): Problem[] => [
    { code: 'invalid-value', field, message: field === '' ? message : `${field}: ${message}` },
  ]
  const given = shown(valueAt(root, issue.path))
  switch (issue.code) {
    case 'invalid_value':
      return problem(`expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}, not ${given}`)
    case 'invalid_type':
      return problem(`expected ${kinds[issue.expected] ?? issue.expected}, not ${given}`)
    case 'too_small': {
      const least = `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`
      return problem(
        issue.origin === 'array' || issue.origin === 'string' ? 'must not be empty' : `expected ${least}, not ${given}`,
      )
    }
    case 'invalid_key':
      return problem('a name must not be empty')
    default:
      return problem(issue.message)
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

function unknownName(path: string, key: string, names: KnownNames): Problem {
  const known = names[path] ?? []
  const field = path === '' ? key : `${path}.${key}`
  const near = nearest(key, known)
  const advice = near === null ? `known are ${known.join(', ')}` : `did you mean ${near}?`
  return { code: 'unknown-field', field, message: `${field}: there is no such choice; ${advice}` }
}

function pathText(path: readonly PropertyKey[]): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else text += text === '' ? String(step) : `.${String(step)}`
  }
  return text
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | null | undefined)?.[step], root)
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value === 'function') return 'a function'
  const text = typeof value === 'number' ? `${value}` : (JSON.stringify(value) ?? 'nothing')
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
