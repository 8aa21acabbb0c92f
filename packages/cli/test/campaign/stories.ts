import { rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { local } from '@orch/adapter-local'
import type { Request } from '@orch/core'
import { expect } from 'vitest'
import type { Setting, Stage } from './stage.ts'

/** What is done in a setting, of which the first command is the one that is killed. */
export interface Story extends Setting {
  before?(stage: Stage): Promise<void>
  /** What a person does while the first command is at work, once however often that is killed. */
  meanwhile?(stage: Stage): Promise<void>
  /** The words of the commands. Default `run`. */
  readonly does?: readonly (readonly string[])[]
  /** Who is done first, and so lands first, is nobody's to say, nor how often commands run on what is to land. */
  readonly inAnyOrder?: boolean
}

const run = ['run'] as const

function commit(message: string): string {
  return `git add --all one.txt && git commit --quiet --message='${message}'`
}

/** As long as the test is there. */
const stays = 'while test -e ../../agents; do sleep 0.02; done'
const ready = 'echo >>"$NOTES/ready"'

function asks(request: Request): (stage: Stage) => Promise<void> {
  return async (stage) => {
    await stage.hears('ready')
    const { queue } = local({ repository: stage.root, target: 'main' })
    await queue.ask({ id: 'one', key: 'asked', request, signal: new AbortController().signal })
    queue[Symbol.dispose]()
  }
}

/**
 * The whole life of a task: its first attempt fails and leaves something, while the second one is at work the user commits the same file, and
 * its repair leaves a file behind that is not its own.
 */
export const life: Story = {
  tasks: [{ id: 'one', title: 'One', writes: ['one.txt'], establishes: 'ones' }],
  agents: {
    one: `case $ORCH_ATTEMPT.$ORCH_TURN in
1.1) echo half >one.txt; ${commit('Half')}; echo lost >>one.txt; echo remains >remains.txt; exit 3 ;;
2.1) echo whole >one.txt; ${commit('Whole')}
  cd "$USERS" && echo mine >one.txt && git add one.txt && git commit --quiet --message=Mine ;;
*) git merge --quiet main; echo both >one.txt; ${commit('Both')}; echo more >>one.txt; echo scratch >scratch.txt ;;
esac`,
  },
}

/** The same in a clone. */
export const cloned: Story = { ...life, more: { isolation: 'clone' } }

/** Its agent has stashed something, and deleted its own branch. */
export const careless: Story = {
  ...life,
  agents: {
    one: `echo stashed >one.txt; git add one.txt; git stash --quiet; echo whole >one.txt; ${commit('Whole')}
echo more >>one.txt; git update-ref -d refs/heads/orch/one`,
  },
}

/** A landing that began is not wanted any more. */
export const takenBack: Story = {
  ...life,
  async before(stage) {
    expect(await stage.orch(run, 'landing-index-moved')).toMatchObject({ exit: -1 })
    expect(stage.git('status', '--porcelain')).not.toBe('')
    expect(await stage.orch(['cancel', 'one'])).toMatchObject({ exit: 0 })
  },
}

/** A run before it died right after a landing, of which the record now says that another tree had been tested. */
export const violated: Story = {
  ...life,
  async before(stage) {
    expect(await stage.orch(run, 'landed')).toMatchObject({ exit: -1 })
    const database = new DatabaseSync(join(stage.root, '.git/orch/orch.db'))
    const tree = stage.git('rev-parse', 'main~1^{tree}')
    database.prepare("UPDATE runs SET state = json_set(state, '$.review.candidate.tree', ?)").run(tree)
    database.close()
  },
}

/** A git of the user's died long ago. */
export const unlocked: Story = {
  ...life,
  async before(stage) {
    expect(await stage.orch(run)).toMatchObject({ exit: 0 })
    const lock = join(stage.root, '.git/index.lock')
    writeFileSync(lock, '')
    utimesSync(lock, 0, 0)
  },
  does: [['doctor', '--fix']],
}

/** It begins with no database. */
export const beginning: Story = { ...life, isEmpty: true, does: [['add', 'tasks.yaml'], run] }

/** A run before it died with a lock. */
export const locked: Story = {
  ...life,
  before: async (stage) => expect(await stage.orch(run, 'lock-taken')).toMatchObject({ exit: -1 }),
}

export const pruned: Story = {
  ...life,
  before: async (stage) => expect(await stage.orch(run)).toMatchObject({ exit: 0 }),
  does: [['prune', '--yes']],
}

/** Two tasks in one workspace. */
export const group: Story = {
  tasks: ['one', 'two'].map((id) => ({ id, title: id, writes: ['one.txt'], group: 'both' })),
  agents: { one: `echo one >one.txt; ${commit('One')}; echo more >>one.txt`, two: 'echo two >>one.txt' },
}

/** Git has lost the worktree of a task that is tried again, with what its agent left in it. */
export const lost: Story = {
  ...life,
  agents: { one: 'test -e left.txt && cp left.txt one.txt; echo left >>left.txt; test -e one.txt || exit 3' },
  policy: { maxAttempts: 1 },
  async before(stage) {
    expect(await stage.orch(run)).toMatchObject({ exit: 1 })
    rmSync(join(stage.root, '.git/worktrees/orch.one'), { recursive: true })
    expect(await stage.orch(['retry', 'one'])).toMatchObject({ exit: 0 })
  },
}

/** Its agent, with a process beside it, is stopped in the middle of the work. */
export const cancelled: Story = {
  ...life,
  agents: {
    one: `echo half >one.txt; ${commit('Half')}; echo more >>one.txt; echo new >new.txt
(${stays}) & echo $! >>"$NOTES/pids"; ${ready}; ${stays}`,
  },
  meanwhile: asks({ do: 'cancel' }),
}

/** The same with work that git cannot hold. */
export const nested: Story = {
  ...cancelled,
  agents: { one: `git init --quiet nested && echo deep >nested/deep.txt && echo new >new.txt; ${ready}; ${stays}` },
}

/** Its agent stays at work until it may go, and leaves something uncommitted until then. */
export const working: Story = {
  ...life,
  agents: {
    one: `echo half >one.txt; ${commit('Half')}; echo more >>one.txt; echo $PPID >>"$NOTES/launchers"; ${ready}
while test -e ../../agents && ! test -e "$NOTES/go"; do sleep 0.02; done; echo whole >one.txt`,
  },
  policy: { leaseMs: 1000 },
  async meanwhile(stage) {
    await stage.hears('ready')
    letGo(stage)
  },
}

export function letGo({ notes }: Stage): void {
  writeFileSync(join(notes, 'go'), '')
}

/** Its agent waits for an answer, and stays until that is known to have come: one that has ended is told again in its next turn. */
export const guided: Story = {
  ...life,
  agents: {
    one: `${ready}; while test -e ../../agents && ! ls "$ORCH_INBOX/../sent" 2>&1 | grep -q 'md$'; do sleep 0.02; done
cat "$ORCH_INBOX"/* >one.txt`,
  },
  meanwhile: asks({ do: 'guide', text: 'the blue one' }),
}
