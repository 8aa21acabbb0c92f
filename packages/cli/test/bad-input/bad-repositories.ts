import { join } from 'node:path'
import { type BadRepository, writeFiles } from './bad-input.ts'

const init = ['init']
const add = ['add', '../tasks.yaml']
const all = [init, add, ['plan'], ['run'], ['status']]
/** What needs to know where work lands; `orch init` helps to say it. */
const landing = [add, ['plan'], ['run'], ['status']]

export const badRepositories: readonly BadRepository[] = [
  {
    input: 'a directory in no repository',
    make: ({ folder }) => {
      writeFiles(folder, { 'elsewhere/x': '' })
      return join(folder, 'elsewhere')
    },
    calls: all,
    code: 'not-a-repository',
    printed: `DIRECTORY is in no git repository; go into one, or make one with 'git init'`,
  },
  {
    input: 'a directory that does not exist',
    make: ({ folder }) => join(folder, 'nowhere'),
    calls: [init, ['status'], ['run']],
    code: 'no-directory',
    printed: 'DIRECTORY does not exist; check the path',
  },
  {
    input: 'a file in the place of a directory',
    make: ({ folder }) => join(folder, 'tasks.yaml'),
    calls: [init, ['status'], ['run']],
    code: 'no-directory',
    printed: 'DIRECTORY is no directory; name the one that holds it',
  },
  {
    input: 'a repository without a commit',
    make: ({ folder, git }) => {
      git('init', '--quiet', '--initial-branch=main', '../empty')
      writeFiles(folder, { 'empty/orch.config.yaml': 'agent: { command: ["true"] }\n' })
      return join(folder, 'empty')
    },
    calls: landing,
    code: 'empty-repository',
    printed: `DIRECTORY has no commits yet; make the first one: git commit --allow-empty -m 'Begin'`,
  },
  {
    input: 'a bare repository',
    make: ({ folder, git }) => {
      git('clone', '--quiet', '--bare', '.', '../bare')
      return join(folder, 'bare')
    },
    calls: all,
    code: 'bare-repository',
    printed:
      'DIRECTORY is a bare repository, without files to work on; clone it (git clone DIRECTORY) and work in the clone',
  },
  {
    input: 'a shallow clone',
    make: ({ folder, git }) => {
      git('commit', '--quiet', '--allow-empty', '--message=Second')
      git('clone', '--quiet', '--depth=1', `file://${join(folder, 'repository')}`, '../shallow')
      return join(folder, 'shallow')
    },
    calls: all,
    code: 'shallow-repository',
    printed: `DIRECTORY is a shallow clone, so its history cannot be compared; run 'git fetch --unshallow' first`,
  },
  {
    input: 'a detached HEAD, and no `target` in the configuration',
    make: ({ git }) => {
      git('checkout', '--quiet', '--detach')
      return undefined
    },
    calls: landing,
    code: 'detached-head',
    printed:
      'no branch is checked out in DIRECTORY (HEAD is detached), so there is none to land on; check one out with `git switch BRANCH`, or set target: BRANCH in the configuration',
  },
  {
    input: 'a `target` that is no branch of the repository',
    make: ({ repository }) => {
      writeFiles(repository, { 'orch.config.yaml': 'target: release\nagent: { command: ["true"] }\n' })
      return undefined
    },
    calls: landing,
    code: 'no-target',
    printed: `there is no branch release; make it with 'git branch release', or set another target in the configuration`,
  },
  {
    input: 'a `target` that can be no branch',
    make: ({ repository }) => {
      writeFiles(repository, { 'orch.config.yaml': 'target: --upload-pack=x\nagent: { command: ["true"] }\n' })
      return undefined
    },
    calls: landing,
    code: 'invalid-branch',
    printed: `'--upload-pack=x' cannot be the name of a branch; choose another one`,
  },
  {
    input: 'a branch named `orch`',
    make: ({ git }) => {
      git('branch', 'orch')
      return undefined
    },
    calls: [['run']],
    code: 'branch-in-the-way',
    printed:
      'the branch orch is in the way: git cannot have orch/… beside it. Rename it (git branch -m orch NEW-NAME), or set another policy.branchPrefix in the configuration.',
  },
  {
    input: 'a branch that is the beginning of `policy.branchPrefix`, among packed refs',
    make: ({ repository, git }) => {
      writeFiles(repository, {
        'orch.config.yaml': 'policy: { branchPrefix: main/agents/ }\nagent: { command: ["true"] }\n',
      })
      git('pack-refs', '--all')
      return undefined
    },
    calls: [['run']],
    code: 'branch-in-the-way',
    printed:
      'the branch main is in the way: git cannot have main/agents/… beside it. Rename it (git branch -m main NEW-NAME), or set another policy.branchPrefix in the configuration.',
  },
  {
    input: 'a `.git` file that names a place that is gone',
    make: ({ folder }) => {
      writeFiles(folder, { 'moved/.git': 'gitdir: /nowhere/at/all\n' })
      return join(folder, 'moved')
    },
    calls: all,
    code: 'broken-repository',
    printed: `git cannot use DIRECTORY/.git: not a git repository: /nowhere/at/all; see what 'git status' says, or move it away`,
  },
  {
    input: 'the inside of a git directory',
    make: ({ repository }) => join(repository, '.git'),
    calls: [init, ['status'], ['run']],
    code: 'inside-git-directory',
    printed: 'DIRECTORY is inside a git directory; go to the files of the repository',
  },
]
