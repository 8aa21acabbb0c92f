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
} as const satisfies Record<string, Explained>
