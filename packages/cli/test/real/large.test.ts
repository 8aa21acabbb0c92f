import { execFileSync } from 'node:child_process'
import { statfsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectLanded, expectNothingLeft, expectReachable, expectUserAt } from './from-git.ts'
import { type Outside, outside, scene } from './scene.ts'

/** One commit of a stream for `git fast-import`, by which thousands take a moment. */
function commit(message: string, files: readonly (readonly [path: string, text: string])[]): string {
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`
  const who = 'committer A User <user@example.org> 1700000000 +0000'
  const changes = files.map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`)
  return `commit refs/heads/main\n${who}\n${data(message)}${changes.join('')}\n`
}

function imported(around: Outside, commits: readonly string[]): string {
  const root = join(around.folder, 'repository')
  around.git(around.folder, 'init', '--quiet', '--initial-branch=main', root)
  execFileSync('git', ['fast-import', '--quiet'], { cwd: root, input: commits.join('') })
  around.git(root, 'reset', '--quiet', '--hard')
  return root
}

const manyFiles = Array.from({ length: 20_000 }, (_, index): readonly [string, string] => [
  `part-${index % 200}/file-${index}.txt`,
  `the text of ${index}\n`,
])
const manyCommits = Array.from({ length: 5000 }, (_, index) =>
  commit(`Change ${index}`, [[`part-${index % 50}/file.txt`, `as of ${index}\n`]]),
)

/** The files are written five times over, which can take a disk a minute: in memory where there is a gigabyte of it to spare. */
function place(): string | undefined {
  const memory = '/dev/shm'
  try {
    const { bavail, bsize } = statfsSync(memory)
    return bavail * bsize > 2 ** 30 ? memory : undefined
  } catch {
    return undefined // not every system has it
  }
}

describe('a large repository', () => {
  it.each([
    ['20,000 files', [commit('Begin', manyFiles)], 'part-7/file-7.txt'],
    ['5,000 commits', manyCommits, 'part-7/file.txt'],
  ] as const)('%s', { timeout: 180_000 }, async (_, commits, path) => {
    const around = outside(place())
    const root = imported(around, commits)
    const tasks = [
      {
        id: 'change',
        writes: [path],
        commits: [[{ append: path, text: 'one more\n' }], [{ append: path, text: 'and another\n' }]],
      },
      { id: 'add', writes: ['new'], commits: [[{ write: 'new/file.txt', text: 'new\n' }]] },
    ]
    const real = await scene(around, { root, tasks })
    expect(await real.call('run')).toMatchObject({ exit: 0 })
    expectLanded(real, ['add', 'change'])
    expectNothingLeft(real)
    expectReachable(real, 3)
    expectUserAt(real)
  })
})
