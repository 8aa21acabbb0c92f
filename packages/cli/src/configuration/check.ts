import { nearest, OrchError, type Problem } from '@orch/core'
import type { z } from 'zod'
import type { Configuration } from './configuration.ts'
import { configurationSchema, knownNames } from './schema.ts'

/** `value` if it is a configuration; otherwise throws `invalid-configuration` with every problem. `file` for the message. */
export function checkConfiguration(value: unknown, file: string): Configuration {
  const checked = configurationSchema.safeParse(value)
  // The value itself and not zod's copy: ports are objects with an identity.
  if (checked.success) return value as Configuration
  const problems = checked.error.issues.flatMap((issue) => problemsOf(issue, value))
  const many = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  throw new OrchError('invalid-configuration', `${file} has ${many}`, { problems })
}

function problemsOf(issue: z.core.$ZodIssue, root: unknown): Problem[] {
  const field = pathText(issue.path)
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownName(field, key))
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

function unknownName(path: string, key: string): Problem {
  const known = knownNames[path] ?? []
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
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
