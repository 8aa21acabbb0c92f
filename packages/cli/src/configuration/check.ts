import { hostProblems, OrchError, policyProblems, reviewerProblems, schemaProblems } from '@orch/core'
import type { Configuration } from './configuration.ts'
import { configurationSchema, knownNames } from './schema.ts'

/** `value` if it is a configuration; otherwise throws `invalid-configuration` with every problem. `file` for the message. */
export function checkConfiguration(value: unknown, file: string): Configuration {
  // Generating a quicker check for the next time takes longer than this one.
  const checked = configurationSchema.safeParse(value, { jitless: true })
  const problems = [
    ...(checked.success ? [] : schemaProblems(checked.error, value, knownNames)),
    ...policyProblems(policyIn(value), ['policy']),
    ...hostProblems(policyIn(value), mayMerge((value as Configuration | null)?.review)),
    ...reviewerProblems((value as Configuration | null)?.reviewer, policyIn(value)),
  ]
  // The value itself and not zod's copy: ports are objects with an identity.
  if (problems.length === 0) return value as Configuration
  const many = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  throw new OrchError('invalid-configuration', `${file} has ${many}`, { problems })
}

/** Of one that is only named it is not known yet. */
function mayMerge(review: unknown): boolean {
  return typeof review === 'object' && review !== null && ('use' in review || 'merge' in review)
}

/** What is no object is told of by the schema. */
function policyIn(value: unknown): unknown {
  const { policy } = (value ?? {}) as { readonly policy?: unknown }
  return policy === undefined ? {} : policy
}
