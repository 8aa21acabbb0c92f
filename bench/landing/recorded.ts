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
  const [base = '', ...others] = lines(git('merge-base', '--all', ours, theirs))
  if (others.length > 0 || base === ours || base === theirs) return []
  const line = (head: string) =>
    lines(git('log', '--first-parent', '--reverse', '--format=%H %ct', `${base}..${head}`)).map((commit) => {
      const [oid = '', seconds] = commit.split(' ')
      return { oid, seconds: Number(seconds) }
    })
  const sides = [line(ours), line(theirs)] as const
  const times = [...new Set(sides.flat().map(({ seconds }) => seconds))].sort((a, b) => a - b)
  const at = (seconds: number) => sides.map((side) => side.findLast((commit) => commit.seconds <= seconds)?.oid)
  const all = times.flatMap((seconds): readonly Moment[] => {
    const [one, other] = at(seconds)
    return one === undefined || other === undefined ? [] : [{ base, ours: one, theirs: other }]
  })
  const step = Math.max(1, Math.ceil(all.length / mostMoments))
  // From the last one back: that is the pair that was merged.
  return all.filter((_, index) => (all.length - 1 - index) % step === 0)
}

function lines(output: string): readonly string[] {
  return output.split('\n').filter((line) => line !== '')
}
