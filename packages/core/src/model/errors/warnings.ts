import type { Explained } from './explained.ts'

/** What a plan warns of. It can be carried out all the same. */
export const warnings = {
  'unknown-scope': {
    when: 'A task does not say what it writes, so it may run beside tasks that write the same files.',
    help: 'Add `writes`; or set `policy.unknownScope` to `alone`.',
  },
  'reader-beside-writer': {
    when: 'A task reads files that another may write at the same time.',
    help: 'Add `dependsOn` if it needs the one or the other state.',
  },
  'never-starts': {
    when: 'A task waits for one that was cancelled or does not exist.',
    help: '`orch retry` that one, or `orch cancel` this one.',
  },
  'idle-agents': {
    when: 'There is work for all agents, but never at the same time.',
    help: 'Set `policy.maxAgents` to the number that the message names, or let tasks wait for less.',
  },
  bottleneck: {
    when: 'Most of the other tasks wait for one that lies on the critical path.',
    help: 'Split it, so that they wait for a part of it; or give it a smaller `priority` number, so that it starts first.',
  },
  'wide-scope': {
    when: 'The `writes` of a task meet those of most others, so that they cannot run beside it.',
    help: 'Name the files or folders that it really changes.',
  },
  'no-sync-point': {
    when: 'Tasks of two layers share a file, neither waits for the other, and no sync point waits for both.',
    help: 'Add a task with `kind: sync` that depends on both, and let what builds on them depend on it.',
  },
} as const satisfies Record<string, Explained>
