import type { OrchErrorCode } from '@orch/core'
import type { CallErrorCode } from './call-errors.ts'
import { type ExitCode, exitCode } from './exit-code.ts'

export type FailureCode = OrchErrorCode | CallErrorCode

/** The exit code of every error that ends a command. 2: the same call can never succeed as things are; 1: something did not work. */
export const failureExit = {
  usage: exitCode.usage,
  'no-file': exitCode.usage,
  'not-a-file': exitCode.usage,
  'unreadable-file': exitCode.usage,
  'file-too-large': exitCode.usage,
  'unwritable-file': exitCode.usage,
  'no-turn': exitCode.usage,
  'report-refused': exitCode.usage,

  'invalid-tasks': exitCode.usage,
  'task-exists': exitCode.usage,
  'read-only-source': exitCode.usage,
  'invalid-configuration': exitCode.usage,
  'unloadable-configuration': exitCode.usage,
  'unusable-adapter': exitCode.usage,
  'no-agent': exitCode.usage,
  'invalid-branch': exitCode.usage,
  'unknown-task': exitCode.usage,
  'task-closed': exitCode.usage,
  'task-stuck': exitCode.usage,
  'task-not-ready': exitCode.usage,
  'task-taken': exitCode.usage,
  'unknown-kept': exitCode.usage,
  'not-restored': exitCode.usage,

  'not-a-repository': exitCode.usage,
  'no-directory': exitCode.usage,
  'inside-git-directory': exitCode.usage,
  'broken-repository': exitCode.usage,
  'bare-repository': exitCode.usage,
  'shallow-repository': exitCode.usage,
  'empty-repository': exitCode.usage,
  'detached-head': exitCode.usage,
  'no-target': exitCode.usage,
  'unusable-remote': exitCode.usage,
  'branch-in-the-way': exitCode.usage,
  'foreign-owner': exitCode.usage,
  'no-permission': exitCode.usage,
  'unsupported-refs': exitCode.usage,
  'unsupported-path': exitCode.usage,
  'no-main-worktree': exitCode.usage,

  'store-damaged': exitCode.usage,
  'store-foreign': exitCode.usage,
  'store-newer': exitCode.usage,
  'store-network': exitCode.usage,
  'store-lost': exitCode.usage,
  'store-unusable': exitCode.usage,
  'store-locked': exitCode.failures,
  'disk-full': exitCode.failures,
  'no-access': exitCode.usage,
  'no-command': exitCode.usage,
  'port-failed': exitCode.failures,
  'beads-unusable': exitCode.usage,
  'git-missing': exitCode.failures,
  'git-failed': exitCode.failures,
  'remote-unreachable': exitCode.failures,
  'object-missing': exitCode.failures,
  'in-use': exitCode.failures,
  'branch-moved': exitCode.failures,
  paused: exitCode.failures,
  'no-workspace': exitCode.failures,
  'launcher-failed': exitCode.failures,
  'spawner-ended': exitCode.failures,
  bug: exitCode.failures,
} as const satisfies Record<FailureCode, ExitCode>

/** Another copy of core may throw what this one does not know. */
export function exitOf(code: string): ExitCode {
  const exits: Readonly<Record<string, ExitCode>> = failureExit
  return Object.hasOwn(exits, code) ? (exits[code] ?? exitCode.failures) : exitCode.failures
}
