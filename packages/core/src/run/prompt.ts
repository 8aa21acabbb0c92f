import { turnLabel } from '../decide/moves.ts'
import type { RunState } from '../model/run-state.ts'
import type { Task } from '../model/task.ts'

/** What an agent reads first in every turn. Text from the task and from people is quoted as it is; nothing of it is ever a command of ours. `landed`: what its branch has not. */
export function promptOf(task: Task, state: RunState, target: string, landed = ''): string {
  const label = turnLabel(state)
  const told = state.run.guidance.filter((guidance) => guidance.turn === label)
  const earlier = state.run.guidance.filter((guidance) => guidance.turn !== null && guidance.turn !== label)
  const parts = [
    `# Task ${task.id}: ${task.title}`,
    task.body,
    told.length > 0 ? section('What you are told now', told.map((g) => g.text).join('\n\n')) : '',
    earlier.length > 0 ? section('What you were told before', earlier.map((g) => `- ${g.text}`).join('\n')) : '',
    state.run.attempt > 1 || state.run.turn > 1
      ? section(
          'Where this stands',
          `This is turn ${state.run.turn} of attempt ${state.run.attempt}. Your branch is as it was left: look at it first.` +
            (state.run.failure === null ? '' : ` The attempt before came to nothing: ${state.run.failure}.`),
        )
      : '',
    landed === '' ? '' : section('What has landed since', landed),
    state.branch?.on === undefined
      ? ''
      : section(
          'What you build on',
          `Your branch begins with commits that have not landed yet, of ${state.branch.on.join(', ')}: build on them, and leave them as they are.`,
        ),
    state.branch?.lost === undefined
      ? ''
      : section(
          'What will not land',
          `Your branch began with commits of ${state.branch.lost.join(', ')}, which will not land: what you change lands without them.`,
        ),
    section('Your files', scopeText(task)),
    section('Rules', rules(task, state, target)),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

export function section(title: string, text: string): string {
  return `## ${title}\n\n${text}`
}

export function scopeText(task: Task): string {
  const list = (globs: readonly string[]): string => globs.map((glob) => `- ${glob}`).join('\n')
  const writes =
    task.writes === undefined
      ? 'No files are named: change what the task needs, and no more.'
      : `Change only:\n${list(task.writes)}`
  return task.reads === undefined ? writes : `${writes}\n\nRead for it:\n${list(task.reads)}`
}

function rules(task: Task, state: RunState, target: string): string {
  const branch = state.branch?.name ?? ''
  return [
    `- You work in a git worktree of your own, on branch \`${branch}\`. Stay on it. Do not push, do not stash, do not touch other branches or worktrees.`,
    task.kind === 'read'
      ? '- This task expects an answer, not commits.'
      : `- Commit what you finish. Do not merge into \`${target}\`: landing is not your job.`,
    '- Tell how it goes: `orch tell working --note "…"`; the same as a JSON line appended to the file `$ORCH_OUTBOX`: {"tell":"working","note":"…"}.',
    '- When you need a decision: `orch tell stuck --reason "…" --option "…" --option "…" --context "…"`, then wait for a file in the folder `$ORCH_INBOX`, or end: you will be started again with the answer.',
    '- When it is done: `orch tell done`, then end with exit 0. When there is nothing to change: `orch tell done --no-changes "why"`.',
  ].join('\n')
}
