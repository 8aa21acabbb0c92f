import { expect } from 'vitest'
import { expectLanded, expectNothingLeft, expectReachable, expectUserAt } from './from-git.ts'
import { type Choices, type Outside, type RealTask, type Scene, scene } from './scene.ts'

export const files = { 'README.md': '# Example\n', 'src/main.txt': 'begin\n' }
/** The second builds on the first, and has something that nobody committed. */
export const tasks: readonly RealTask[] = [
  {
    id: 'one',
    writes: ['src/main.txt', 'docs'],
    commits: [[{ append: 'src/main.txt', text: 'one\n' }], [{ write: 'docs/one.md', text: 'one\n' }]],
  },
  {
    id: 'two',
    writes: ['src', 'links'],
    dependsOn: ['one'],
    sees: { 'src/main.txt': 'begin\none\n', 'docs/one.md': 'one' },
    commits: [[{ append: 'src/main.txt', text: 'two\n' }]],
    leaves: [{ write: 'src/two.txt', text: 'two\n' }],
  },
]

/** A whole run of both tasks, judged from git alone. */
export async function wholeRun(
  around: Outside,
  choices: Omit<Choices, 'tasks'> & { readonly tasks?: readonly RealTask[] },
  user: Parameters<typeof expectUserAt>[1] & { readonly worktrees?: number } = {},
): Promise<Scene> {
  const real = await scene(around, { tasks, ...choices })
  expect(await real.call('run')).toMatchObject({ exit: 0 })
  expectLanded(real, ['one', 'two'])
  expectNothingLeft(real, user.worktrees)
  expectReachable(real, 3)
  expectUserAt(real, user)
  expect(real.git(real.root, 'show', `${real.target}:src/main.txt`)).toBe('begin\none\ntwo')
  expect(real.git(real.root, 'show', `${real.target}:src/two.txt`)).toBe('two')
  return real
}
