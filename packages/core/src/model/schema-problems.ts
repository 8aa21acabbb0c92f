import type * as z from 'zod'
import type { Problem } from './error.ts'
import { problemAt, quoted, unknownName } from './value-checks.ts'

/** The names that may stand at each path, `''` for the top. */
export type KnownNames = Readonly<Record<string, readonly string[]>>

/** What a schema found wrong with `root`, one sentence each, with the path, the allowed values, and the nearest of `names` for an unknown one. */
export function schemaProblems(error: z.ZodError, root: unknown, names: KnownNames): readonly Problem[] {
  return error.issues.flatMap((issue) => problemsOf(issue, root, names))
}

function problemsOf(issue: z.core.$ZodIssue, root: unknown, names: KnownNames): readonly Problem[] {
  const { path } = issue
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownName(path, key, names[path.join('.')] ?? []))
  }
  const problem = (message: string) => [problemAt(path, message)]
  const given = quoted(valueAt(root, path))
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

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | null | undefined)?.[step], root)
}
