import type { ProcessKey } from '../model/process-key.ts'
import type { TaskId } from '../model/task.ts'

/** What `doctor({ fix: true })` does about a finding. Nothing of it takes away what is not kept elsewhere. */
export type Mend =
  | { readonly do: 'stop'; readonly key: ProcessKey }
  | { readonly do: 'retire'; readonly workspace: string; readonly branch: string }
  | { readonly do: 'unlock'; readonly path: string }
  | { readonly do: 'sweep' }

/** Something on which queue, git, processes and worktrees do not agree. */
export interface Finding {
  readonly code: FindingCode
  readonly task: TaskId | null
  /** The path, ref, process or port that it is about. */
  readonly subject: string
  /** What was found, one sentence. */
  readonly what: string
  /** Why it matters. */
  readonly why: string
  /** What the next `orch run` does about it by itself. */
  readonly run: string
  /** What the fix does; null: nothing. */
  readonly fix: string | null
  /** Who has to do something: `run`: it heals with the next run; `fix`: `orch doctor --fix`. */
  readonly needs: 'nobody' | 'run' | 'fix' | 'person'
  readonly mend: Mend | null
}

type Told = Pick<Finding, 'why' | 'run' | 'fix' | 'needs'>

const nothing = 'nothing'

/** Everything that is looked for. */
export const findings = {
  'no-answer': {
    why: 'Nothing that hangs on it could be looked at.',
    run: 'fails with the same message, or waits where it may pass by itself',
    fix: null,
    needs: 'person',
  },
  'lost-task': {
    why: 'It has begun, but its source does not list it any more, so nobody brings it to an end.',
    run: 'leaves it as it is',
    fix: null,
    needs: 'person',
  },
  'dead-owner': {
    why: 'The orchestrator that had it has ended before the task was over.',
    run: 'takes it over and goes on',
    fix: null,
    needs: 'run',
  },
  'no-workspace': {
    why: 'What was not committed there is kept or gone with it; commits are on its branch.',
    run: 'makes it anew from its branch as soon as it is needed',
    fix: null,
    needs: 'run',
  },
  'torn-workspace': {
    why: 'Making it or taking it away was interrupted, or its folder was taken away by hand.',
    run: 'completes it; what is in it stays',
    fix: null,
    needs: 'run',
  },
  'no-branch': {
    why: 'Somebody deleted the branch of a task that is not done.',
    run: 'puts it back when its agent goes on; a landing needs only its commits, which are kept',
    fix: null,
    needs: 'run',
  },
  'lost-commit': {
    why: 'It is what was reviewed and is to land: without it the task cannot end.',
    run: 'cannot land it',
    fix: null,
    needs: 'person',
  },
  'lost-candidate': {
    why: 'It was built for landing, and nothing but the record names it: `git gc` may take such commits.',
    run: 'builds and checks it again',
    fix: null,
    needs: 'run',
  },
  'unreadable-turn': {
    why: 'Nobody can tell whether its agent still works, and a second one beside it would spoil its work.',
    run: 'waits for one lease, then asks you with `retry` or `cancel`',
    fix: null,
    needs: 'run',
  },
  'unrecorded-turn': {
    why: 'The record was lost after its process was started, as in a power cut.',
    run: 'takes the process for that of the next attempt',
    fix: null,
    needs: 'run',
  },
  'orphan-process': {
    why: 'It works for an attempt that is over. What it does is refused everywhere, but it may write into a worktree that another attempt uses.',
    run: nothing,
    fix: 'stops it; its files stay as they are',
    needs: 'fix',
  },
  'unknown-turn': {
    why: 'What it printed is all that is left of it. It has ended.',
    run: nothing,
    fix: null,
    needs: 'nobody',
  },
  'leftover-workspace': {
    why: 'Its task is closed, so nobody works there any more.',
    run: nothing,
    fix: 'keeps what is in it (`orch kept`) and puts it away',
    needs: 'fix',
  },
  'leftover-branch': {
    why: 'Its task is closed, so nothing more comes of it.',
    run: nothing,
    fix: 'keeps its commits (`orch kept`) and takes it away',
    needs: 'fix',
  },
  unclaimed: {
    why: 'Its task has no record of it, as after a lost database.',
    run: 'begins the task with what is there, kept first',
    fix: null,
    needs: 'run',
  },
  unknown: {
    why: 'Nobody knows the task that it belongs to, so nobody looks at the work in it.',
    run: nothing,
    fix: null,
    needs: 'person',
  },
  'unknown-kept': {
    why: 'Nobody knows the task that it was kept for.',
    run: nothing,
    fix: null,
    needs: 'nobody',
  },
  'left-lock': {
    why: 'Git refuses to work there as long as it exists, and landings wait for it.',
    run: 'breaks those that are ours; leaves those of git',
    fix: 'moves it into `<git directory>/orch/locks-aside`',
    needs: 'fix',
  },
  'foreign-worktree': {
    why: '`git worktree`, `git fetch`, `git gc` and `git branch -D` fail in this repository as long as it is there.',
    run: 'works all the same',
    fix: null,
    needs: 'person',
  },
  'target-twice': {
    why: 'A landing has to move the files of all of them, and waits while one of them is being edited.',
    run: 'moves all of them together',
    fix: null,
    needs: 'nobody',
  },
  'blind-checkout': {
    why: 'Some files are marked `assume-unchanged` or `skip-worktree`: `git status` does not show what you change in them.',
    run: 'looks at them all the same, and a landing that touches one waits',
    fix: null,
    needs: 'nobody',
  },
  leavings: {
    why: 'An interrupted call left it; it only takes up space.',
    run: 'takes it away at its end',
    fix: 'takes it away',
    needs: 'run',
  },
  'unfinished-landing': {
    why: 'Your files may show it as staged changes that you did not make.',
    run: 'completes it or takes it back',
    fix: 'completes it or takes it back',
    needs: 'run',
  },
} as const satisfies Record<string, Told>

export type FindingCode = keyof typeof findings

export interface Found {
  readonly task?: TaskId | null
  readonly subject: string
  readonly what: string
  readonly mend?: Mend | null
  /** When it differs from what the code usually needs. */
  readonly needs?: Finding['needs']
}

/** @param found without `mend` there is no fix, whatever the code says */
export function finding(code: FindingCode, { task = null, subject, what, mend = null, needs }: Found): Finding {
  const told: Told = findings[code]
  return { code, task, subject, what, ...told, fix: mend === null ? null : told.fix, needs: needs ?? told.needs, mend }
}
