import { delimiter, dirname, isAbsolute } from 'node:path'
import type { AgentProfile } from '@orch/core'
import type { Folder } from './folder.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What every program may see of ours. Nothing that names a secret, a repository (`GIT_*`) or code to load (`NODE_OPTIONS`, `LD_*`). */
const basic = new Set('PATH HOME USER LOGNAME SHELL LANG LANGUAGE TERM COLORTERM TZ TMPDIR'.split(' '))
const basicPattern = /^(LC_[A-Z]+|XDG_[A-Z]+_(HOME|DIR|DIRS))$/

/** The variable by which a process can be recognised for as long as it lives, see `ProcessTable.members`. */
export function markerOf(folder: Folder): string {
  return `ORCH_OUTBOX=${folder.outbox}`
}

/** Where programs are looked for. */
export function pathOf(options: {
  readonly ours: Environment
  readonly profile: AgentProfile
  /** Put before everything else. */
  readonly path: readonly string[]
}): string {
  const inherited = options.profile.environment?.PATH ?? options.ours.PATH ?? '/usr/local/bin:/usr/bin:/bin'
  // The node that runs us is the node that agents and checks get. Relative entries would look programs up in the workspace.
  const found = inherited.split(delimiter).filter(isAbsolute)
  return [...new Set([...options.path, dirname(process.execPath), ...found])].join(delimiter)
}

/** Git in worktrees of one repository shares what it remembers of conflicts, and would resolve those of one agent as another one did, unseen. */
const unremembered = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'rerere.enabled', GIT_CONFIG_VALUE_0: 'false' }

/** An agent's environment: the basic one, what its profile asks for, what it was given; later ones win, `ORCH_*` of ours last. */
export function environmentOf(options: {
  readonly ours: Environment
  readonly profile: AgentProfile
  readonly given: Readonly<Record<string, string>>
  readonly folder: Folder
  /** Put before everything else in `PATH`. */
  readonly path: readonly string[]
}): Record<string, string> {
  const { ours, profile, given, folder, path } = options
  const inherited = new Set(profile.inherit ?? [])
  const environment: Record<string, string> = { ...unremembered }
  for (const [name, value] of Object.entries(ours)) {
    if (value !== undefined && (basic.has(name) || basicPattern.test(name) || inherited.has(name)))
      environment[name] = value
  }
  Object.assign(environment, profile.environment, given)
  environment.PATH = pathOf({ ours: environment, profile, path })
  environment.ORCH_PROMPT_FILE = folder.prompt
  environment.ORCH_OUTBOX = folder.outbox
  environment.ORCH_INBOX = folder.inbox
  return environment
}
