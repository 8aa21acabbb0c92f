import { OrchError, type Problem } from '../model/error.ts'
import {
  defaultPolicy,
  type HotFiles,
  type Limits,
  type Policy,
  type PolicyInput,
  policyOf,
  presets,
  type RegeneratedFiles,
  type Worth,
} from '../model/policy.ts'
import { shown } from '../model/shown.ts'
import {
  type Check,
  commandLine,
  listOf,
  namedValues,
  objectOf,
  oneOf,
  positive,
  someOf,
  textThat,
  trueOrFalse,
  wholeFrom,
  wholeObjectOf,
} from '../model/value-checks.ts'
import { belowOf } from './hot-files.ts'
import { parseGlob } from './pattern.ts'
import type { PlanPolicy } from './plan.ts'

function globProblem(given: string): string | null {
  const parsed = parseGlob(given)
  return parsed.ok ? null : `the pattern ${shown(given)} cannot be used: ${parsed.message}`
}

/** A pattern of files. */
export const glob: Check = textThat(globProblem)

const alone = 'a `!` pattern cannot stand alone: each pattern is a file or folder of its own'
const standing = (given: string) => globProblem(given) ?? (given.startsWith('!') ? alone : null)
const sharedFile = textThat(standing)
const hotFile = textThat((given) => standing(given) ?? globProblem(belowOf(given)))

const maximum: Check = (value, path) => (value === null ? [] : wholeFrom(1)(value, path))
const counts = namedValues(wholeFrom(1))
const limits: Record<keyof Limits, Check> = { layers: counts, roles: counts, features: counts }
const regenerated: Record<keyof RegeneratedFiles, Check> = { files: someOf(hotFile), command: commandLine }
const hotFiles: Record<keyof HotFiles, Check> = {
  union: listOf(hotFile),
  regenerate: listOf(wholeObjectOf(regenerated)),
}
const worth: Record<keyof Worth, Check> = { direct: wholeFrom(0), single: wholeFrom(0) }

/** What planning reads. */
export const planFields: Record<keyof PlanPolicy, Check> = {
  preset: oneOf(Object.keys(presets)),
  maxAgents: wholeFrom(1),
  unknownScope: oneOf(['warn', 'alone', 'allow'] satisfies Policy['unknownScope'][]),
  caseSensitive: trueOrFalse,
  limits: objectOf(limits),
  resources: namedValues(positive),
  maxOpenReviews: maximum,
  sharedFiles: listOf(sharedFile),
  hotFiles: objectOf(hotFiles),
  readsBlock: trueOrFalse,
  onOverlap: oneOf(['wait', 'stack'] satisfies Policy['onOverlap'][]),
  minutes: positive,
  worth: objectOf(worth),
}

const planPolicy = objectOf(planFields, Object.keys(defaultPolicy))

/** The given choices over the defaults. Throws `invalid-configuration` with everything that is wrong with what planning reads. */
export function checkedPlanPolicy(given: PlanPolicy): Policy {
  return policyWithout(planPolicy(given, []), given)
}

/** The given choices over the defaults, or throws `invalid-configuration` with the problems. */
export function policyWithout(problems: readonly Problem[], given: PolicyInput): Policy {
  if (problems.length === 0) return policyOf(given)
  const more = problems.length > 1 ? `, and ${problems.length - 1} more` : ''
  const message = `the policy cannot be used: ${problems[0]?.message ?? ''}${more}`
  throw new OrchError('invalid-configuration', message, { problems })
}
