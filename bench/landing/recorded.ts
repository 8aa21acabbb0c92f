import { execFileSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Two branches that were worked on at the same time, as they were at one moment. */
export interface Moment {
  /** Where both began. */
  readonly base: string
  readonly ours: string
  readonly theirs: string
}

export interface Recorded extends Disposable {
  /** A clone of this repository that is thrown away. */
  readonly root: string
  readonly moments: readonly Moment[]
}

/** Of each merge, as many moments at most as it takes to see its branches grow. */
const mostMoments = 6

const repository = join(import.meta.dirname, '../..')

/** The two sides of each merge in the history of this repository, at the moments at which one of them got another commit. */
export function recorded(): Recorded {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'orch-bench-')))
  const root = join(folder, 'repository')
  const git = (...words: readonly string[]): string =>
    execFileSync('git', words, { cwd: repository, encoding: 'utf8', maxBuffer: 1 << 28 }).trim()
  git('clone', '--quiet', '--shared', repository, root)
  execFileSync('git', ['checkout', '--quiet', '-B', 'main'], { cwd: root })
  const merges = lines(git('log', '--merges', '--format=%P')).map((parents) => parents.split(' '))
  const moments = merges.flatMap(([ours = '', theirs = '', third]) =>
    third === undefined ? momentsOf(git, ours, theirs) : [],
  )
  return { root, moments, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

type Git = (...words: readonly string[]) => string

function momentsOf(git: Git, ours: string, theirs: string): readonly Moment[] {
  const line = (head: string, without: string) =>
    lines(git('log', '--first-parent', '--reverse', '--format=%H %ct', `${without}..${head}`)).map((commit) => {
      const [oid = '', seconds] = commit.split(' ')
      return { oid, seconds: Number(seconds) }
    })
  const sides = [line(ours, theirs), line(theirs, ours)] as const
  const times = [...new Set(sides.flat().map(({ seconds }) => seconds))].sort((a, b) => a - b)
  const all = times.flatMap((until) => {
    const [one, other] = sides.map((side) => side.findLast(({ seconds }) => seconds <= until)?.oid)
    return one === undefined || other === undefined ? [] : [[one, other] as const]
  })
  const step = Math.max(1, Math.ceil(all.length / mostMoments))
  // From the last one back: that is the pair that was merged.
  const some = all.filter((_, index) => (all.length - 1 - index) % step === 0)
  return some.flatMap(([one, other]): readonly Moment[] => {
    // One of both may have been merged into the other meanwhile.
    const [base = one, ...more] = lines(git('merge-base', '--all', one, other))
    return more.length > 0 || base === one || base === other ? [] : [{ base, ours: one, theirs: other }]
  })
}

function lines(output: string): readonly string[] {
  return output.split('\n').filter((line) => line !== '')
}
