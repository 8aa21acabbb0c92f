import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Scene } from './scene.ts'

/** What a run came to, told by git and by what agents and checks have written down outside: nothing of ours is asked. */
type Told = Pick<Scene, 'root' | 'target' | 'since' | 'folder' | 'git' | 'gitWithIndex' | 'lines'>

/** The landings on the target since the beginning: the task that each names, and its commit. Merges and single commits alike. */
export function landings({
  git,
  root,
  target,
  since,
}: Told): readonly { readonly task: string; readonly commit: string }[] {
  const log = git(root, 'log', '--first-parent', '--format=%H %B%x00', `${since}..refs/heads/${target}`)
  return log
    .split('\0')
    .map((entry) => entry.trim())
    .flatMap((entry) => {
      const task = /^Task: (.+)$/m.exec(entry)?.[1]
      return task === undefined ? [] : [{ task, commit: entry.split(' ')[0] ?? '' }]
    })
}

/** Each of the tasks has landed, once, and whatever a landing made of the target is bit for bit what checks saw. */
export function expectLanded(told: Told, tasks: readonly string[]): void {
  const { git, root, target } = told
  const found = landings(told)
  expect(found.map(({ task }) => task).sort()).toEqual([...tasks].sort())
  const seen = told.lines('checked').map((line) => line.split(' ')[1])
  const moves = git(root, 'log', '--walk-reflogs', '--format=%T %gs', `refs/heads/${target}`).split('\n')
  const landed = moves.filter((move) => move.includes(' orch: land ')).map((move) => move.split(' ')[0])
  expect(landed).toContain(git(root, 'rev-parse', `${found[0]?.commit}^{tree}`))
  expect(seen, 'the trees that checks saw').toEqual(expect.arrayContaining(landed))
}

/** No worktree and no branch of ours is left. `worktrees`: those of the user's, the main one included. */
export function expectNothingLeft({ git, root }: Told, worktrees = 1): void {
  expect(git(root, 'worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(worktrees)
  expect(git(root, 'for-each-ref', '--format=%(refname)', 'refs/heads/orch', 'refs/heads/orch/**')).toBe('')
  expect(git(root, 'fsck', '--connectivity-only', '--no-dangling', '--no-progress')).toBe('')
}

/** Every commit that an agent made is part of the target or of what was kept. */
export function expectReachable({ git, root, target, lines }: Told, atLeast: number): void {
  const made = lines('commits')
  expect(made.length).toBeGreaterThanOrEqual(atLeast)
  expect(git(root, 'rev-list', ...made, '--not', `refs/heads/${target}`, '--glob=refs/orch/kept/*')).toBe('')
}

interface User {
  /** Default: where the command was called. */
  readonly directory?: string
  /** The branch that they have checked out. Default: the target. */
  readonly branch?: string
  /** Lines of `git status` that are their own doing. */
  readonly but?: readonly string[]
}

/** The user's index and files hold their branch, and git has nothing to say of them. */
export function expectUserAt(told: Told, { directory = told.root, branch = told.target, but = [] }: User = {}): void {
  const { git } = told
  expect(git(directory, 'symbolic-ref', 'HEAD')).toBe(`refs/heads/${branch}`)
  const status = git(directory, 'status', '--porcelain')
  expect(status.split('\n').filter((line) => line !== '')).toEqual(but)
  if (but.length > 0) return
  const wanted = git(directory, 'rev-parse', 'HEAD^{tree}')
  expect(git(directory, 'write-tree')).toBe(wanted)
  // Through an index that knows no file yet, so that git has to read each of them again.
  const index = join(told.folder, 'another-index')
  const anew = (...words: string[]): string => told.gitWithIndex(index, directory, ...words)
  try {
    anew('read-tree', 'HEAD')
    anew('add', '--all')
    expect(anew('write-tree')).toBe(wanted)
  } finally {
    rmSync(index, { force: true })
  }
}
