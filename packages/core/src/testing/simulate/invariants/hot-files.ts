import type { ConflictFile } from '../../../model/conflict.ts'
import { toldBy } from '../../../model/process-key.ts'
import { slugOf } from '../../../model/slug.ts'
import { regeneratedGlobs } from '../../../plan/hot-files.ts'
import { covers } from '../../../plan/scope.ts'
import { differing } from '../../memory-files.ts'
import type { Checker } from '../call.ts'
import { isOk } from '../mirror.ts'
import { madeFile, madeOf } from '../tasks.ts'
import { hotLines } from '../work-ledger.ts'
import type { Scene } from './scene.ts'

/** 2, 4 and 5: a file that many may write keeps no two of them apart, and lands with the lines of each, or as it was made of all that lands with it. */
export function hotFiles({ setting, mirror, vcs, violate }: Scene): Checker {
  const hot = setting.policy.hotFiles?.union ?? []
  const made = regeneratedGlobs(setting.policy)
  /** What candidates were built on, and those with files that were still to be made. */
  const bases = new Map<string, string>()
  const stale = new Set<string>()

  function isMerged(files: readonly ConflictFile[] | null, verb: string): void {
    const isNone = (path: string) =>
      covers(hot, path) || (covers(made, path) && (verb === 'predict' || files?.length !== 1))
    const met = files?.find(({ path, kind }) => isNone(path) && (kind === 'content' || kind === 'both-added'))
    if (met !== undefined) violate(2, `${verb} found a conflict in ${met.path}, which is to have the lines of both`)
  }

  function needsMaking({ from, head, base }: { readonly [name in 'from' | 'head' | 'base']: string }): boolean {
    const differ = (to: string) => vcs.read(from)[madeFile] !== vcs.read(to)[madeFile]
    return made.length > 0 && (differ(head) || differ(base))
  }

  function isAmended(before: string, after: string): void {
    const [files, rest] = [vcs.read(after), differing(vcs.read(before), vcs.read(after))]
    if (rest.some((path) => path !== madeFile)) violate(5, `${rest.join(', ')} was taken from where a command worked`)
    if (files[madeFile] !== madeOf(files)) violate(5, `${madeFile} of ${after} was not made of what is to land with it`)
  }

  let target = ''
  const head = (): string => vcs.branches().get(vcs.target) ?? ''

  return {
    before({ port, verb }) {
      if (port === 'vcs' && verb === 'land') target = head()
    },
    after({ port, verb, options }, answer) {
      if (port !== 'vcs' || (hot.length === 0 && made.length === 0)) return
      if (verb === 'predict')
        for (const files of answer as readonly (readonly ConflictFile[] | null)[]) isMerged(files, verb)
      if (verb === 'land' && isOk(answer) && head() !== target)
        for (let at = options.commit; at !== undefined && at !== target; at = bases.get(at))
          if (stale.has(at)) violate(5, `${at} landed before ${madeFile} of it was made`)
      if (verb === 'amendCandidate' && isOk(answer)) {
        const { commit } = (answer as { readonly value: { readonly commit: string } }).value
        stale.delete(commit)
        bases.set(commit, options.base)
        isAmended(options.commit, commit)
      }
      if (verb !== 'buildCandidate') return
      if (!isOk(answer)) {
        isMerged((answer as { readonly files?: readonly ConflictFile[] }).files ?? null, verb)
        return
      }
      const { commit } = (answer as { readonly value: { readonly commit: string } }).value
      bases.set(commit, options.base)
      if (needsMaking(options)) stale.add(commit)
      isWhole(options, commit)
    },
  }

  function isWhole(options: { readonly head: string }, commit: string): void {
    const landed = hotLines(vcs.read(commit))
    const slug = slugOf(mirror.candidateOf(options))
    const isOwn = (line: string) => toldBy(line.replace(/-\d+$/, ''))?.slug === slug
    const lost = hotLines(vcs.read(options.head)).find((line) => isOwn(line) && !landed.includes(line))
    if (lost !== undefined) violate(4, `${lost} is to land, and is not in what is to land`)
  }
}
