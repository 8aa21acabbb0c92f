import { type ConflictFile, OrchError, type Vcs } from '@orch/core'
import { freshFolder, remove } from '../disk/files.ts'
import { attributesOf } from './attributes.ts'
import { withLines } from './conflict-lines.ts'
import type { GitContext } from './context.ts'
import { mergeAnswers } from './merge-output.ts'
import { oidOf } from './names.ts'
import type { Throwaway } from './throwaway.ts'
import { viewsOf, withView } from './view.ts'

type Predict = Required<Vcs>['predict']
type Pair = readonly [ours: string, theirs: string]

/** Pairs whose answers are kept: those of a hundred branches many times over. */
const mostKnown = 100_000

/**
 * Merges pairs in memory, all with the same attributes in one process. What the merges write goes away with them. Objects never change, so an answer
 * is good for ever.
 */
export function predictor(context: GitContext, throwaway: Throwaway): Predict {
  const known = new Map<string, readonly ConflictFile[]>()
  const attributes = attributesOf(throwaway.objects)
  return async ({ pairs, signal }) => {
    const open = new Map(
      pairs.filter(([a, b]) => a !== b && !known.has(keyOf([a, b]))).map((pair) => [keyOf(pair), pair]),
    )
    if (open.size > 0) throwaway.begin()
    const asked = [...open.values()]
    if (known.size > mostKnown) known.clear()
    const lines = await attributes.all([...new Set(asked.map(([ours]) => ours))])
    for (const text of new Set(lines.values())) {
      const group = asked.filter(([ours]) => lines.get(ours) === text)
      const answers = await mergeAll(context, throwaway, { attributes: text, pairs: group, signal })
      for (const [pair, files] of answers) known.set(keyOf(pair), files)
    }
    return pairs.map((pair) => (pair[0] === pair[1] ? [] : (known.get(keyOf(pair)) ?? null)))
  }
}

function keyOf([ours, theirs]: Pair): string {
  return `${ours} ${theirs}`
}

interface Merging {
  readonly attributes: string
  readonly pairs: readonly Pair[]
  readonly signal: AbortSignal
}

type Answers = ReadonlyMap<Pair, readonly ConflictFile[]>

/** One commit that is gone ends the process for all: somebody may have collected what nothing names, though it was read before. */
async function mergeAll(context: GitContext, throwaway: Throwaway, asked: Merging): Promise<Answers> {
  try {
    return await mergeThese(context, throwaway, asked)
  } catch (error) {
    if (!OrchError.is(error) || error.code !== 'git-failed') throw error
    const gone = new Set<string>()
    for (const oid of new Set(asked.pairs.flat())) if (!(await throwaway.objects.exists(oid))) gone.add(oid)
    if (gone.size === 0) throw error
    const pairs = asked.pairs.filter((pair) => !pair.some((oid) => gone.has(oid)))
    return mergeThese(context, throwaway, { ...asked, pairs })
  }
}

async function mergeThese(
  { repository }: GitContext,
  throwaway: Throwaway,
  { attributes, pairs, signal }: Merging,
): Promise<Answers> {
  if (pairs.length === 0) return new Map()
  const folder = await freshFolder(viewsOf(repository), `merges.${process.pid}`)
  try {
    const objects = [folder, ...throwaway.folders] as const
    return await withView(repository, { attributes, objects, signal }, async (view) => {
      const { output } = await view.git({
        arguments: ['merge-tree', '--write-tree', '--stdin', '--allow-unrelated-histories'],
        input: pairs.map(([ours, theirs]) => `${oidOf(ours)} ${oidOf(theirs)}\n`).join(''),
      })
      const answers = mergeAnswers(output, pairs)
      const found = await withLines(
        view,
        answers.map((answer, index) => ({ answer, sides: pairs[index] ?? ['', ''] })),
      )
      return new Map(pairs.map((pair, index) => [pair, found[index]?.files ?? []]))
    })
  } finally {
    await remove(folder)
  }
}
