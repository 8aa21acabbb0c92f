import type { ReviewVerdict } from '@orch/core'
import { life, type Story } from './stories.ts'

/** Changes that land together, on each other, on a branch of their own, by a push, with made files, or after a reviewer. */

function committing(id: string, text = id): string {
  return `echo ${text} >${id}.txt; git add --all; git commit --quiet --message=${id}`
}

function tasksOf(...ids: readonly string[]) {
  return ids.map((id) => ({ id, title: id, writes: [`${id}.txt`] }))
}

/** As long as the test is there and this does not hold. */
function until(condition: string, top: string): string {
  return `until ${condition}; do test -e "${top}/agents" || exit 1; sleep 0.02; done`
}

/** In a worktree: until so many agents have begun. */
function meeting(many: number): string {
  return until(`test "$(sort -u "$NOTES/turns" | wc -l)" -ge ${many}`, '../..')
}

/** Three changes are checked together; one is red among them, which is found by halving, and its agent mends it. */
export const train: Story = {
  tasks: tasksOf('one', 'two', 'three'),
  agents: {
    one: `${meeting(3)}; ${committing('one')}`,
    two: `case $ORCH_TURN in 1) ${meeting(3)}; ${committing('two', 'wrong')} ;; *) ${committing('two', 'right')} ;; esac`,
    three: `${meeting(3)}; ${committing('three')}`,
  },
  policy: { maxAgents: 3, landing: { train: 4, checks: ['! grep -q wrong *.txt'] } },
  inAnyOrder: true,
}

/** The second one starts on the branch of the first, whose checks wait for that. */
export const stack: Story = {
  tasks: [
    { id: 'one', title: 'one', writes: ['one.txt'] },
    { id: 'two', title: 'two', writes: ['one.txt'], stackedOn: 'one' },
  ],
  agents: { one: committing('one'), two: 'echo two >>one.txt; git commit --quiet --all --message=two' },
  policy: { maxAgents: 2, landing: { checks: [until('grep -q two ../../../notes/turns', '../../..')] } },
  inAnyOrder: true,
}

/** Two tasks land on the branch of their epic, and that lands as one change. */
export const epic: Story = {
  tasks: tasksOf('one', 'two').map((task) => ({ ...task, epic: 'all' })),
  agents: { one: `${meeting(2)}; ${committing('one')}`, two: `${meeting(2)}; ${committing('two')}`, all: 'exit 3' },
  policy: { maxAgents: 2, epics: { all: { target: 'feature/all' } } },
  inAnyOrder: true,
}

function says(verdict: ReviewVerdict): string {
  return `echo '${JSON.stringify({ tell: 'verdict', ...verdict })}' >>"$ORCH_OUTBOX"`
}

/** A reviewer asks for more, and approves of what it gets. */
export const reviewed: Story = {
  tasks: tasksOf('one'),
  agents: { one: `case $ORCH_TURN in 1) ${committing('one', 'half')} ;; *) ${committing('one', 'both')} ;; esac` },
  policy: { landing: { review: 'agent' } },
  inAnyOrder: true,
  more: {
    reviewer: {
      command: [
        'sh',
        '-c',
        `notes=../../../notes; echo "reviewer $ORCH_REVIEW" >>$notes/turns; echo $$ >>$notes/pids
if grep -q both one.txt; then ${says({ verdict: 'approve', summary: 'Both halves', findings: [] })}
else ${says({ verdict: 'changes', summary: 'Half', findings: [{ file: 'one.txt', line: 1, text: 'the other half' }] })}; fi`,
      ],
    },
  },
}

/** Changes are pushed, and while an agent is at work the user pushes theirs. */
export const pushed: Story = {
  ...life,
  pushes: true,
  agents: {
    one: life.agents.one?.replace('--message=Mine', '--message=Mine && git push --quiet ../remote.git main') ?? '',
  },
}

/** While an agent is at work the user changes the file that it has made, too, and a command makes it of both. */
export const regenerated: Story = {
  tasks: [{ id: 'one', title: 'One', writes: ['one.txt', 'all.lock'] }],
  agents: {
    one: `${committing('one')}; cksum *.txt >all.lock; git add --all; git commit --quiet --message=Lock
cd "$USERS" && echo mine >mine.txt && cksum *.txt >all.lock && git add --all && git commit --quiet --message=Mine`,
  },
  policy: {
    hotFiles: { regenerate: [{ files: ['all.lock'], command: 'cksum *.txt >all.lock' }] },
    landing: { checks: ['cksum *.txt | cmp - all.lock'] },
  },
  inAnyOrder: true,
}
