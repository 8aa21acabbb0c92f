import { type ConflictFile, type Glob, OrchError, type Vcs } from '@orch/core'
import { freshFolder, remove } from '../disk/files.ts'
import { attributesOf, unionLines } from './attributes.ts'
import { withLines } from './conflict-lines.ts'
import type { GitContext } from './context.ts'
import { disjointness } from './disjoint.ts'
import { withoutMade } from './merge.ts'
import { type MergeAnswer, mergeAnswers } from './merge-output.ts'
import { oidOf } from './names.ts'
import type { Throwaway } from './throwaway.ts'
import { viewsOf, withView } from './view.ts'

type Predict = Required<Vcs>['predict']
type Pair = readonly [ours: string, theirs: string]

/** Pairs whose answers are kept: those of a hundred branches many times over. */
const mostKnown = 100_000

/**
 * Merges in memory the pairs that may not go together, all with the same attributes in one process. What the merges write goes away with them. Objects never
 * change, so an answer is good for ever.
 */
export function predictor(context: GitContext, throwaway: Throwaway): Predict {
  const known = new Map<string, readonly ConflictFile[]>()
  const attributes = attributesOf(throwaway.objects)
  const disjointIn = disjointness(context.repository, throwaway)
  return async ({ pairs, union = [], regenerate = [], signal }) => {
    const globs = [...union, '', ...regenerate].join('\0')
    const keyOf = ([ours, theirs]: Pair): string => `${ours} ${theirs} ${globs}`
    const open = new Map(
      pairs.filter(([a, b]) => a !== b && !known.has(keyOf([a, b]))).map((pair) => [keyOf(pair), pair]),
    )
    if (open.size > 0) throwaway.begin()
    if (known.size > mostKnown) known.clear()
    const disjoint = await disjointIn([...open.values()], signal)
    for (const pair of disjoint) known.set(keyOf(pair), [])
    const asked = [...open.values()].filter((pair) => !disjoint.has(pair))
    const lines = await attributes.all([...new Set(asked.map(([ours]) => ours))])
    for (const text of new Set(lines.values())) {
      const group = asked.filter(([ours]) => lines.get(ours) === text)
      const answers = await mergeAll(context, throwaway, { attributes: text, union, regenerate, pairs: group, signal })
      for (const [pair, files] of answers) known.set(keyOf(pair), files)
    }
    return pairs.map((pair) => (pair[0] === pair[1] ? [] : (known.get(keyOf(pair)) ?? null)))
  }
}

interface Merging {
  readonly attributes: string
  readonly union: readonly Glob[]
  readonly regenerate: readonly Glob[]
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

async function mergeThese(context: GitContext, throwaway: Throwaway, asked: Merging): Promise<Answers> {
  const { attributes, union, regenerate, pairs, signal } = asked
  if (pairs.length === 0) return new Map()
  const { repository } = context
  const again = new Map<string, Pair[]>()
  const folder = await freshFolder(viewsOf(repository), `merges.${process.pid}`)
  try {
    const objects = [folder, ...throwaway.folders] as const
    const found: Map<Pair, readonly ConflictFile[]> = await withView(
      repository,
      { attributes, objects, signal },
      async (view) => {
        const { output } = await view.git({
          arguments: ['merge-tree', '--write-tree', '--stdin', '--allow-unrelated-histories'],
          input: pairs.map(([ours, theirs]) => `${oidOf(ours)} ${oidOf(theirs)}\n`).join(''),
        })
        const told: { readonly answer: MergeAnswer; readonly sides: Pair }[] = []
        for (const [index, answer] of mergeAnswers(output, pairs).entries()) {
          const sides = pairs[index] ?? ['', '']
          const more = unionLines(answer.files, union)
          if (more === '') told.push({ answer: withoutMade(answer, regenerate), sides })
          else again.set(more, [...(again.get(more) ?? []), sides])
        }
        const lines = await withLines(view, told)
        return new Map(told.map(({ sides }, index) => [sides, lines[index]?.files ?? []]))
      },
    )
    for (const [more, some] of again) {
      const second = { attributes: attributes + more, union: [], regenerate, pairs: some, signal }
      for (const [pair, files] of await mergeThese(context, throwaway, second)) found.set(pair, files)
    }
    return found
  } finally {
    await remove(folder)
  }
}
