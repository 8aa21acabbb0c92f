import { OrchError, schemaProblems } from '@orch/core'
import type { Configuration } from './configuration.ts'
import { configurationSchema, knownNames } from './schema.ts'

/** `value` if it is a configuration; otherwise throws `invalid-configuration` with every problem. `file` for the message. */
export function checkConfiguration(value: unknown, file: string): Configuration {
  // Generating a quicker check for the next time takes longer than this one.
  const checked = configurationSchema.safeParse(value, { jitless: true })
  // The value itself and not zod's copy: ports are objects with an identity.
  if (checked.success) return value as Configuration
  const problems = schemaProblems(checked.error, value, knownNames)
  const many = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  throw new OrchError('invalid-configuration', `${file} has ${many}`, { problems })
}
