import type { Explained } from './explained.ts'

/** Thrown for a repository in which no work can be done as it is. Nothing was changed in it. */
export const repositoryErrors = {
  'not-a-repository': {
    when: 'The directory is in no git repository.',
    help: 'Go into one, or make one with `git init`.',
  },
  'no-directory': {
    when: 'The directory does not exist.',
    help: 'Check the path that `-C` or `repository` names.',
  },
  'inside-git-directory': {
    when: 'The directory is inside of a git directory, where there are no files to work on.',
    help: 'Go to the files of the repository.',
  },
  'broken-repository': {
    when: 'A `.git` is there, but git does not take it for a repository: it names a place that is gone, or is damaged.',
    help: 'See what `git status` says; in a linked worktree that was moved, `git worktree repair` mends it.',
  },
  'bare-repository': {
    when: 'The repository is bare: it has no files of yours that landings could follow.',
    help: 'Clone it and work in the clone.',
  },
  'shallow-repository': {
    when: 'The repository is a shallow clone, so changes cannot be compared with their history.',
    help: 'Fetch the rest with `git fetch --unshallow`.',
  },
  'empty-repository': {
    when: 'The repository has no commit yet, so there is nothing to start from.',
    help: 'Make a first commit: `git commit --allow-empty -m Begin`.',
  },
  'detached-head': {
    when: 'No branch is checked out and none is configured, so there is nothing to land on.',
    help: 'Set `target: BRANCH` in the configuration, or check a branch out.',
  },
  'no-target': {
    when: 'The branch to land on does not exist.',
    help: 'Make it with `git branch NAME`, or set another `target` in the configuration.',
  },
  'unusable-remote': {
    when: 'The remote to push to is not configured in the repository, or its address is none that is pushed to: it holds a password, or is neither https, ssh nor a path that the configuration of orch names itself.',
    help: 'Name an address in the configuration: `remote: { url: https://… }`; a password goes into a variable that `remote.auth` names.',
  },
  'branch-in-the-way': {
    when: 'A branch has the name that begins those of tasks (`orch`), and git cannot have `orch/x` beside it.',
    help: 'Rename that branch, or set `policy.branchPrefix` in the configuration.',
  },
  'foreign-owner': {
    when: 'The repository belongs to another user, and git refuses to read it.',
    help: 'If you trust it: `git config --global --add safe.directory DIRECTORY`.',
  },
  'no-permission': {
    when: 'A file or directory may not be read or written by you.',
    help: 'Change its permissions, or call as the user that it belongs to.',
  },
  'unsupported-refs': {
    when: 'The repository keeps its refs in another format than files.',
    help: 'Convert them with `git refs migrate --ref-format=files`.',
  },
  'unsupported-path': {
    when: 'The path of the repository holds a line break.',
    help: 'Move or rename the directory.',
  },
  'no-main-worktree': {
    when: 'The command was called in a linked worktree, and git cannot name the main one.',
    help: 'Call it in the main worktree, or with `-C DIRECTORY`.',
  },
} as const satisfies Record<string, Explained>
