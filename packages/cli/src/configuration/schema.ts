import type { AgentRunner, Board, ReviewHost, TaskQueue, Vcs } from '@orch/core'
import * as z from 'zod'
import type { Configuration } from './configuration.ts'

const text = z.string().min(1)
const argv = z.array(z.string()).min(1)

const agentFields = {
  command: argv,
  argv,
  name: text,
  resumeArgv: argv,
  inherit: z.array(text),
  environment: z.record(z.string(), z.string()),
}

const agent = z
  .strictObject(agentFields)
  .partial()
  .superRefine((given, context) => {
    if ((given.command === undefined) === (given.argv === undefined)) {
      const message = "needs exactly one of `command` and `argv`, for example command: ['claude', '-p', '{prompt}']"
      context.addIssue({ code: 'custom', message })
    }
  })

const sandboxFields = {
  by: z.literal('bubblewrap'),
  network: z.boolean(),
  writable: z.array(text),
}

const authFields = { host: text, password: text, user: text }
const remoteFields = {
  name: text,
  url: text,
  auth: z.strictObject(authFields).partial({ user: true }),
  lookMs: z.number().int().min(1),
}

/** The functions that an object must have to be that port. */
const functionsOf = {
  queue: ['list', 'read', 'write', 'beat', 'ask', 'pause'] satisfies (keyof TaskQueue)[],
  vcs: [
    'observe',
    'admits',
    'createWorkspace',
    'seal',
    'preserve',
    'since',
    'retire',
    'buildCandidate',
    'amendCandidate',
    'checkout',
    'land',
    'verifyLanding',
    'changes',
    'prune',
  ] satisfies (keyof Vcs)[],
  runner: ['start', 'observe', 'stop', 'send', 'tail', 'forget'] satisfies (keyof AgentRunner)[],
  board: ['post', 'note'] satisfies (keyof Board)[],
  review: ['observe', 'open', 'comment', 'close'] satisfies (keyof ReviewHost)[],
}

function port(name: keyof typeof functionsOf): z.ZodType {
  return z.unknown().superRefine((given, context) => {
    if (given === undefined || (name === 'queue' && given === 'beads')) return
    const fields = typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {}
    if (typeof fields.use === 'string' && fields.use !== '') return
    const missing = functionsOf[name].filter((wanted) => typeof fields[wanted] !== 'function')
    if (missing.length === 0) return
    const message =
      missing.length === functionsOf[name].length
        ? `expected ${name === 'queue' ? 'beads, ' : ''}{ use: '<package>' }, or in a .ts or .js configuration an object with the functions of this port`
        : `is no ${name}: it lacks ${missing.join(', ')}`
    context.addIssue({ code: 'custom', message })
  })
}

const fields = {
  repository: text,
  target: text,
  agent,
  reviewer: agent,
  isolation: z.enum(['worktree', 'clone']),
  sandbox: z.union(
    [z.literal('bubblewrap'), z.strictObject(sandboxFields).partial({ network: true, writable: true })],
    {
      error: "expected 'bubblewrap', or { by: 'bubblewrap' } with network and writable",
    },
  ),
  remote: z.union([text, z.strictObject(remoteFields).partial()], {
    error: 'expected the name of a remote, or { name, url, auth: { host, password, user } }',
  }),
  secrets: z.array(text),
  queue: port('queue'),
  vcs: port('vcs'),
  runner: port('runner'),
  board: port('board'),
  review: port('review'),
  // Checked where planning and running check it.
  policy: z.unknown(),
} satisfies Record<keyof Configuration, z.ZodType>

export const configurationSchema = z.strictObject(fields).partial()

/** The known names at each path, for those that are not. */
export const knownNames: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(fields),
  agent: Object.keys(agentFields),
  reviewer: Object.keys(agentFields),
  sandbox: Object.keys(sandboxFields),
  remote: Object.keys(remoteFields),
  'remote.auth': Object.keys(authFields),
}
