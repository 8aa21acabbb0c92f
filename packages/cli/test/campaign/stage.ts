import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NewTask, PolicyInput } from '@orch/core'
import { vi } from 'vitest'
import { type Ended, freshFolder, freshRepository, git, orch } from '../rig.ts'

/** A repository whose agents are shell scripts, in a folder of its own that goes when it is disposed of. */
export interface Stage extends Disposable {
  readonly root: string
  /** Where scripts write down what they did, outside of everything that is ours: `$NOTES`. */
  readonly notes: string
  /** Words of the command; `failPoint`: where it ends as by `kill -9`, and then its exit is -1. */
  orch(words: readonly string[], failPoint?: string): Promise<Ended>
  git(...words: string[]): string
  /** The lines that scripts have written to a file of the notes. */
  noted(name: string): readonly string[]
  /** Resolves when a script has written so many lines to that file. */
  hears(name: string, lines?: number): Promise<void>
}

export interface Setting {
  /** What the agent of each task does, a script of `sh`. It begins in its worktree; the user's check-out is `$USERS`. */
  readonly agents: Readonly<Record<string, string>>
  readonly tasks: readonly NewTask[]
  readonly policy?: PolicyInput
  /** What else the configuration says. */
  readonly more?: Readonly<Record<string, unknown>>
  /** Changes are pushed to a bare repository beside the user's, `../remote.git`. */
  readonly pushes?: boolean
  /** No task is added beforehand. */
  readonly isEmpty?: boolean
}

/** What every agent notes first: which turn it is, and its process. */
const begins = 'echo "$ORCH_TASK $ORCH_ATTEMPT.$ORCH_TURN" >>"$NOTES/turns"; echo $$ >>"$NOTES/pids"\n'
// From a worktree: so a copy of the whole needs no change.
const command = 'NOTES=$PWD/../../notes USERS=$PWD/../../repository; export NOTES USERS; . "../../agents/$ORCH_TASK"'

/** Makes the setting once; each call of what it returns is a stage of its own with the tasks added, or with none. */
export async function settingOf({
  agents,
  tasks,
  policy,
  more,
  pushes = false,
  isEmpty = false,
}: Setting): Promise<() => Stage> {
  const landing = {
    by: 'orchestrator',
    checks: ['test -f README.md'],
    ...policy?.landing,
    ...(pushes && { via: 'push' }),
  }
  const made = freshRepository({
    'tasks.yaml': JSON.stringify(tasks),
    'orch.config.json': JSON.stringify({
      agent: { command: ['sh', '-c', command] },
      remote: { url: '../remote.git' },
      ...more,
      policy: { leaseMs: 60_000, maxAttempts: 2, backoffMs: 1, ...policy, landing },
    }),
  })
  const folder = join(made, '..')
  rmSync(join(made, '.git/hooks'), { recursive: true })
  if (pushes) git(folder, 'clone', '--quiet', '--bare', 'repository', 'remote.git')
  for (const name of ['agents', 'notes']) mkdirSync(join(folder, name))
  for (const [task, script] of Object.entries(agents)) writeFileSync(join(folder, 'agents', task), begins + script)
  if (!isEmpty) await orch(['add', 'tasks.yaml'], { directory: made })
  return () => {
    const copy = freshFolder()
    cpSync(folder, copy, { recursive: true })
    const stage = stageIn(copy)
    stage.git('update-index', '-q', '--refresh')
    return stage
  }
}

function stageIn(folder: string): Stage {
  const root = join(folder, 'repository')
  const notes = join(folder, 'notes')
  const noted = (name: string): readonly string[] =>
    readdirSync(notes).includes(name) ? readFileSync(join(notes, name), 'utf8').split('\n').slice(0, -1) : []
  return {
    root,
    notes,
    orch: (words, failPoint) =>
      orch(words, { directory: root, environment: failPoint === undefined ? {} : { ORCH_FAILPOINT: failPoint } }),
    git: (...words) => git(root, ...words).trimEnd(),
    noted,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
    hears: async (name, lines = 1) => {
      await vi.waitUntil(() => noted(name).length >= lines, { timeout: 60_000, interval: 10 })
    },
  }
}
