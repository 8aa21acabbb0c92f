import * as z from 'zod'
import { OrchError } from '../model/error.ts'
import {
  type Landing,
  type Limits,
  type Policy,
  type PolicyInput,
  type PresetName,
  policyOf,
  presets,
  type Worth,
} from '../model/policy.ts'
import { type KnownNames, schemaProblems } from '../model/schema-problems.ts'
import { shown } from '../model/shown.ts'
import { parseGlob } from '../plan/pattern.ts'

const text = z.string().min(1)
const milliseconds = z.int().min(1)

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

const glob = z.string().superRefine((given, context) => {
  const parsed = parseGlob(given)
  if (parsed.ok) return
  context.addIssue({ code: 'custom', message: `the pattern ${shown(given)} cannot be used: ${parsed.message}` })
})

const sharedFile = glob.refine(
  (given) => !given.startsWith('!'),
  'a `!` pattern cannot stand alone: each pattern is a file or folder of its own',
)

const landingFields = {
  by: z.enum(['human', 'orchestrator']),
  method: z.enum(['merge', 'squash', 'rebase']),
  via: z.enum(['local']),
  checks: z.array(text),
  checkMs: milliseconds,
  maxRepairs: z.int().min(0),
  train: z.int().min(1).max(64),
} satisfies Record<keyof Landing, z.ZodType>

const counts = z.record(text, z.int().min(1))
const limitsFields = { layers: counts, roles: counts, features: counts } satisfies Record<keyof Limits, z.ZodType>
const worthFields = { direct: z.int().min(0), single: z.int().min(0) } satisfies Record<keyof Worth, z.ZodType>

const policyFields = {
  maxAgents: z.int().min(1),
  unknownScope: z.enum(['warn', 'alone', 'allow']),
  caseSensitive: z.boolean(),
  limits: z.strictObject(limitsFields).partial(),
  resources: z.record(text, z.number().positive()),
  maxOpenReviews: z.int().min(1).nullable(),
  sharedFiles: z.array(sharedFile),
  outsideScope: z.enum(['warn', 'stuck', 'refuse']),
  readsBlock: z.boolean(),
  minutes: z.number().positive(),
  worth: z.strictObject(worthFields).partial(),
  maxAttempts: z.int().min(1),
  onFailure: z.enum(['continue', 'no-new', 'stop']),
  backoffMs: z.int().min(0),
  idleMs: milliseconds,
  turnMs: milliseconds,
  leaseMs: milliseconds,
  seal: z.array(glob),
  branchPrefix: z
    .string()
    .refine(isBranchPrefix, 'must be what the name of a branch can begin with, for example orch/ or agents-'),
  landing: z.strictObject(landingFields).partial(),
} satisfies Record<keyof Policy, z.ZodType>

const inputFields = {
  preset: z.enum(Object.keys(presets) as PresetName[]),
  ...policyFields,
} satisfies Record<keyof PolicyInput, z.ZodType>

/** Checks a `PolicyInput` from outside. */
export const policySchema = z.strictObject(inputFields).partial()

export const policyNames: KnownNames = {
  '': Object.keys(inputFields),
  limits: Object.keys(limitsFields),
  worth: Object.keys(worthFields),
  landing: Object.keys(landingFields),
}

/** The given choices over the defaults. Throws `invalid-configuration` with every problem. */
export function checkedPolicy(given: PolicyInput = {}): Policy {
  // Once in a program: generating a quicker check for the next time takes longer than this one.
  const checked = policySchema.safeParse(given, { jitless: true })
  if (checked.success) return policyOf(given)
  const problems = schemaProblems(checked.error, given, policyNames)
  throw new OrchError('invalid-configuration', 'the policy cannot be used', { problems })
}
