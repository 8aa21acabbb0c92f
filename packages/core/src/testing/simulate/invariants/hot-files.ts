import type { ConflictFile } from '../../../model/conflict.ts'
import { toldBy } from '../../../model/process-key.ts'
import { slugOf } from '../../../model/slug.ts'
import { covers } from '../../../plan/scope.ts'
import type { Checker } from '../call.ts'
import { isOk } from '../mirror.ts'
import { hotLines } from '../work-ledger.ts'
import type { Scene } from './scene.ts'

/** 2 and 4: a file that many may write keeps no two of them apart, and lands with the lines of each. */
export function hotFiles({ setting, mirror, vcs, violate }: Scene): Checker {
  const hot = setting.policy.hotFiles?.union ?? []

  function isMerged(files: readonly ConflictFile[] | null, verb: string): void {
    const met = files?.find(({ path, kind }) => covers(hot, path) && (kind === 'content' || kind === 'both-added'))
    if (met !== undefined) violate(2, `${verb} found a conflict in ${met.path}, which is to have the lines of both`)
  }

  return {
    after({ port, verb, options }, answer) {
      if (port !== 'vcs' || hot.length === 0) return
      if (verb === 'predict')
        for (const files of answer as readonly (readonly ConflictFile[] | null)[]) isMerged(files, verb)
      if (verb !== 'buildCandidate') return
      if (!isOk(answer)) {
        isMerged((answer as { readonly files?: readonly ConflictFile[] }).files ?? null, verb)
        return
      }
      const { commit } = (answer as { readonly value: { readonly commit: string } }).value
      const landed = hotLines(vcs.read(commit))
      const slug = slugOf(mirror.candidateOf(options))
      const isOwn = (line: string) => toldBy(line.replace(/-\d+$/, ''))?.slug === slug
      const lost = hotLines(vcs.read(options.head)).find((line) => isOwn(line) && !landed.includes(line))
      if (lost !== undefined) violate(4, `${lost} is to land, and is not in what is to land`)
    },
  }
}
