import type { Explained } from './explained.ts'

/** Why something that was tried did not work: the `reason` of a `Result`. `orch show` tells those that a person has to know. */
export const reasons = {
  'no-command': {
    when: 'The program of the agent does not exist or may not be executed. The task is stuck, and the run starts no other.',
    help: 'Install it or correct `agent.command`, then `orch retry TASK`.',
  },
  'no-space': {
    when: 'Less than 64 MB are free where worktrees are made. It is tried again after a rest.',
    help: 'Free some space.',
  },
  'branch-elsewhere': {
    when: 'The branch of a task is checked out somewhere else. The task is stuck.',
    help: 'Switch that checkout to another branch, then `orch retry TASK`.',
  },
  clash: {
    when: 'A branch is there beside which git cannot have the one of a task (`orch` and `orch/x`).',
    help: 'Rename that branch, or set `policy.branchPrefix`.',
  },
  'other-branch': {
    when: 'The worktree of a task is on the branch of another one.',
    help: 'Nothing: the task gets a worktree of its own. Where it says that it is stuck: `orch retry TASK`.',
  },
  'not-on-branch': {
    when: 'An agent left its worktree on another branch, or in the middle of a merge. The attempt failed; what it left is kept.',
    help: 'Nothing, while attempts are left; then look at the worktree that `orch show TASK` names.',
  },
  'not-representable': {
    when: 'A worktree holds a nested repository or a file that cannot be read. The attempt failed, and nothing was deleted.',
    help: 'Take out what the message names, or move it into the commit yourself.',
  },
  'in-use': {
    when: 'A process still works in a worktree that is to be put away. It is tried again.',
    help: 'End the process that the message names.',
  },
  conflict: {
    when: 'A change conflicts with the branch that it lands on. It goes back to its agent, `policy.landing.maxRepairs` times.',
    help: 'Nothing at first; then the task is stuck and `orch guide TASK "…"` says which side counts.',
  },
  empty: {
    when: 'The branch already has everything that a change would bring. The task counts as landed.',
    help: 'Nothing.',
  },
  violated: {
    when: 'A change was landed, and right after it the target does not hold it, or not as it was tested: somebody forced the branch back, or the repository is damaged. The task is stuck and nothing else lands.',
    help: 'Look at both, `orch kept list landing`. Once the target is as you want it: `orch land TASK`, or `orch cancel TASK`.',
  },
  'held-by-user': {
    when: 'A landing would touch a file that you are editing, so it waits.',
    help: 'Commit or stash your changes; `orch status` names the file.',
  },
  rejected: {
    when: 'The remote refused a push to the branch, though nobody had moved it: the branch is protected, or a hook of the remote said no. The task is stuck.',
    help: 'Read what the remote said (`orch show TASK`) and put it right; then `orch land TASK`, `orch guide TASK "…"` or `orch cancel TASK`.',
  },
  unreachable: {
    when: 'The remote that changes land on does not answer, or lets nobody in. Landing waits, and is tried again after a rest that grows.',
    help: 'Nothing, if it comes back; otherwise check the network, the address and `remote.auth`. `orch status` quotes it.',
  },
  moved: {
    when: 'The branch moved while a change was about to land on it. Another candidate is built and checked.',
    help: 'Nothing.',
  },
  'head-moved': {
    when: 'The review host was asked to merge a review that somebody has put on another commit than the one that was judged. The task is stuck.',
    help: 'Put the branch back at the host and `orch land TASK`, or tell its agent what to take over: `orch guide TASK "…"`.',
  },
  'target-moved': {
    when: 'The branch moved at the review host while a change was about to be merged there. Another candidate is built and checked.',
    help: 'Nothing.',
  },
  'not-mergeable': {
    when: 'The review host does not merge a review: it finds a conflict, the review is closed, or the method is not allowed there. The task is stuck.',
    help: 'Read what the host said (`orch show TASK`) and put it right; then `orch land TASK`, `orch guide TASK "…"` or `orch cancel TASK`.',
  },
  unmet: {
    when: 'The rules of the review host are not met yet, such as its own checks or approvals. The landing waits, and is tried again.',
    help: 'Do there what `orch status` quotes, or nothing, if it comes by itself.',
  },
  unknown: {
    when: 'The review host has not said what became of a merge. Whether it is merged is looked at.',
    help: 'Nothing.',
  },
  refused: {
    when: 'The host of reviews refused to open one. The task is stuck.',
    help: 'Do what the message says, then `orch retry TASK`.',
  },
  exists: {
    when: 'A task was added by somebody else under the same id at the same moment. Nothing was added.',
    help: 'Call `orch add` again to hear how they differ.',
  },
  'in-the-way': {
    when: 'What was kept was to be restored to a branch or a directory that is there already. It was left as it is.',
    help: 'Name another one: `orch kept restore TASK --branch NAME` or `--to DIRECTORY`.',
  },
  gone: {
    when: 'The task or worktree is not there any more.',
    help: 'Nothing, if you took it away; otherwise `orch retry TASK`.',
  },
  stale: {
    when: 'Another orchestrator wrote first.',
    help: 'Nothing: the next pass looks again.',
  },
  taken: {
    when: 'The queue admits one orchestrator, and another one has the seat.',
    help: 'Nothing: this one takes over when the seat is free.',
  },
  'already-started': {
    when: 'This turn of a task runs or ran already.',
    help: 'Nothing.',
  },
  'not-live': {
    when: 'The agent had ended before guidance reached it.',
    help: 'Nothing: its next turn is told.',
  },
} as const satisfies Record<string, Explained>
