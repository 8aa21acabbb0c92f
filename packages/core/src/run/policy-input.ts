import type { Problem } from '../model/error.ts'
import { defaultPolicy, type EpicChoices, type Landing, type Policy, type PolicyInput } from '../model/policy.ts'
import {
  type Check,
  commandLine,
  listOf,
  namedValues,
  objectOf,
  oneOf,
  type Path,
  problemAt,
  textThat,
  trueOrFalse,
  wholeFrom,
} from '../model/value-checks.ts'
import { glob, planFields, policyWithout } from '../plan/policy-check.ts'

const milliseconds = wholeFrom(1)
const branchPrefix = textThat((given) =>
  isBranchPrefix(given) ? null : 'must be what the name of a branch can begin with, for example orch/ or agents-',
)

function isBranchName(given: string): boolean {
  const last = given.split('/').at(-1) ?? ''
  return isBranchPrefix(given) && last !== '' && !/\.$|\.lock$/.test(last) && given !== 'HEAD' && !/^refs\//.test(given)
}

/** Stricter than git: nothing that a shell or a file system takes for something else. */
function isBranchPrefix(given: string): boolean {
  const parts = given.split('/')
  return (
    /^[A-Za-z0-9][\w./-]{0,99}$/.test(given) &&
    !given.includes('..') &&
    parts.slice(0, -1).every((part) => part !== '' && !part.startsWith('.') && !/\.$|\.lock$/.test(part)) &&
    !parts.at(-1)?.startsWith('.')
  )
}

const landing: Record<keyof Landing, Check> = {
  by: oneOf(['human', 'orchestrator'] satisfies Landing['by'][]),
  method: oneOf(['merge', 'squash', 'rebase'] satisfies Landing['method'][]),
  via: oneOf(['local', 'push', 'host'] satisfies Landing['via'][]),
  checks: listOf(commandLine),
  checkMs: milliseconds,
  review: oneOf(['none', 'agent'] satisfies Landing['review'][]),
  maxRepairs: wholeFrom(0),
  train: wholeFrom(1, 64),
  lanes: wholeFrom(1, 16),
  retryRed: trueOrFalse,
}

const target = textThat((given) =>
  isBranchName(given) ? null : 'must be the name of a branch, for example feature/login',
)
const epic: Record<keyof EpicChoices, Check> = { target }

/** Each with a branch of its own, which is nobody else's. */
const epics: Check = (value, path) => {
  const problems = namedValues(objectOf(epic))(value, path)
  if (problems.length > 0) return problems
  const named = Object.entries(value as Policy['epics'])
  return named.flatMap(([name, choices], index) => {
    const at = [...path, name, 'target']
    if (choices.target === undefined) return [problemAt(at, 'is missing: the branch that its tasks land on')]
    const other = named.slice(0, index).find(([, before]) => areNear(before.target, choices.target))
    return other === undefined
      ? []
      : [problemAt(at, `${choices.target} cannot be beside ${other[1].target} of the epic ${other[0]}`)]
  })
}

/** One name, or one that is a folder of the other. */
function areNear(one: string, other: string): boolean {
  return `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`)
}

const fields: Record<keyof PolicyInput, Check> = {
  ...planFields,
  outsideScope: oneOf(['warn', 'stuck', 'refuse'] satisfies Policy['outsideScope'][]),
  protected: listOf(glob),
  maxAttempts: wholeFrom(1),
  onConflict: oneOf(['tell', 'pause'] satisfies Policy['onConflict'][]),
  onTargetMoved: oneOf(['never', 'next-turn', 'in-scope'] satisfies Policy['onTargetMoved'][]),
  onFailure: oneOf(['continue', 'no-new', 'stop'] satisfies Policy['onFailure'][]),
  backoffMs: wholeFrom(0),
  idleMs: milliseconds,
  turnMs: milliseconds,
  leaseMs: milliseconds,
  seal: listOf(glob),
  branchPrefix,
  epics,
  landing: objectOf(landing),
}

const policy = objectOf(fields)

/**
 * Everything that is wrong with a `PolicyInput` from outside.
 * @param path where it stands in what is checked
 */
export function policyProblems(given: unknown, path: Path = []): readonly Problem[] {
  const problems = policy(given, path)
  return typeof given === 'object' && given !== null ? [...problems, ...amongTasks(given, path)] : problems
}

/** The branches of tasks are made, moved and taken away: none of them is landed on. */
function amongTasks(given: unknown, path: Path): readonly Problem[] {
  const { epics: named = {}, branchPrefix: prefix = defaultPolicy.branchPrefix } = given as PolicyInput
  if (epics(named, []).length > 0 || typeof prefix !== 'string') return []
  return Object.entries(named).flatMap(([name, { target: branch }]) => {
    const at = [...path, 'epics', name, 'target']
    if (branch.startsWith(prefix)) return [problemAt(at, `${branch} begins as the branches of tasks do (${prefix})`)]
    // Git has no branch beside a folder of the same name.
    return prefix.startsWith(`${branch}/`)
      ? [problemAt(at, `${branch} cannot be beside the branches of tasks (${prefix})`)]
      : []
  })
}

/** The given choices over the defaults. Throws `invalid-configuration` with every problem. */
export function checkedPolicy(given: PolicyInput = {}): Policy {
  return policyWithout(policyProblems(given), given)
}

/**
 * What does not go together with a review host that merges.
 * @param policy a `PolicyInput`, as far as that was checked
 * @param merges whether there is a review host that can, as far as that is known
 */
export function hostProblems(policy: unknown, merges: boolean): readonly Problem[] {
  const { landing, hotFiles, epics: named } = (policy ?? {}) as PolicyInput
  if (landing?.via !== 'host') return []
  const hasHot = [hotFiles?.union, hotFiles?.regenerate].some((files) => Array.isArray(files) && files.length > 0)
  return [
    ...(merges ? [] : [problemAt(['policy', 'landing', 'via'], 'host needs a review host that can merge: `review`')]),
    ...(hasHot
      ? [
          problemAt(
            ['policy', 'hotFiles'],
            'the review host merges by itself and knows no such files; take them out, or land by push',
          ),
        ]
      : []),
    ...(typeof named === 'object' && Object.keys(named).length > 0
      ? [problemAt(['policy', 'epics'], 'the review host has no branches of epics; take them out, or land by push')]
      : []),
  ]
}

/**
 * A reviewer whom the policy would never ask: everybody would believe that changes are reviewed.
 * @param policy a `PolicyInput`, as far as that was checked
 */
export function reviewerProblems(reviewer: unknown, policy: unknown): readonly Problem[] {
  const { landing } = (policy ?? {}) as PolicyInput
  if (reviewer === undefined || landing?.review === 'agent') return []
  const message = 'reviewer: nobody would be reviewed; set policy.landing.review to agent, or take the reviewer out'
  return [{ code: 'invalid-value', field: 'reviewer', message }]
}
