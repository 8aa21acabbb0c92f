import type { Task } from '../model/task.ts'
import { hotGlobs } from './hot-files.ts'
import type { Linted } from './linted.ts'
import { neighbours } from './neighbours.ts'
import { overlap } from './overlap.ts'
import type { PlanPolicy, PlanWarning } from './plan.ts'
import { mostMarks, type Reach } from './reach.ts'
import { scopeOf } from './scope.ts'

/** Pairs of tasks of two layers that are looked at, of all layers together, and patterns that are compared for it. */
const mostOfTwo = 20
const mostPairs = 400
const mostCompared = 50_000

/** One place that a task of a layer touches. */
interface Touch {
  readonly index: number
  readonly layer: string
  readonly prefix: string
  readonly glob: string
  /** The patterns that take paths out. */
  readonly except: readonly string[]
  readonly writes: boolean
}

interface Pair {
  readonly one: number
  readonly other: number
  readonly layers: string
  readonly path: string
}

/**
 * Layers that share a file where nothing brings their work together: no task waits for the other, and no sync point waits for both. One of the two writes the file. The first
 * such pair of each two layers is told.
 */
export function contractLints({ tasks, reach }: Linted, policy: PlanPolicy): PlanWarning[] {
  const pairs = sharing(tasks, policy)
  if (pairs.length === 0) return []
  const together = broughtTogether(tasks, reach, pairs)
  const told = new Set<string>()
  return pairs.flatMap((pair, at): PlanWarning[] => {
    const [one, other] = [tasks[pair.one], tasks[pair.other]]
    if (together[at] === 1 || told.has(pair.layers) || one === undefined || other === undefined) return []
    told.add(pair.layers)
    const message = `${one.id} (${one.layer}) and ${other.id} (${other.layer}) share ${pair.path}, and nothing brings them together: add a sync point that waits for both`
    return [{ code: 'no-sync-point', task: one.id, message }]
  })
}

/** Tasks of different layers that touch one file. */
function sharing(tasks: readonly Task[], policy: PlanPolicy): Pair[] {
  if (tasks.every((task) => task.layer === undefined)) return []
  const touches = tasks.flatMap((task, index) => touchesOf(index, task, policy))
  if (new Set(touches.map((touch) => touch.layer)).size < 2) return []
  const counts = new Map<string, number>()
  const known = new Set<string>()
  const pairs: Pair[] = []
  let compared = 0
  for (const [a, b] of neighbours(touches)) {
    if (++compared > mostCompared || pairs.length >= mostPairs) break
    if (a.layer === b.layer || !(a.writes || b.writes)) continue
    const layers = JSON.stringify([a.layer, b.layer].sort())
    const [one, other] = a.index < b.index ? [a.index, b.index] : [b.index, a.index]
    const key = `${one} ${other}`
    if ((counts.get(layers) ?? 0) >= mostOfTwo || known.has(key)) continue
    const met = overlap([a.glob, ...a.except], [b.glob, ...b.except], policy)
    if (met.is === 'disjoint') continue
    known.add(key)
    counts.set(layers, (counts.get(layers) ?? 0) + 1)
    pairs.push({ one, other, layers, path: met.path ?? a.glob })
  }
  return pairs.sort((a, b) => a.one - b.one || a.other - b.other)
}

function touchesOf(index: number, { layer, writes, reads }: Task, policy: PlanPolicy): Touch[] {
  if (layer === undefined) return []
  const cold = hotGlobs(policy).map((glob) => `!${glob}`)
  const touches = (globs: readonly string[], isWritten: boolean): Touch[] => {
    const except = [...globs.filter((glob) => glob.startsWith('!')), ...cold]
    return globs.flatMap((glob) =>
      scopeOf([glob], policy).positive.map(({ prefix }) => ({ index, layer, prefix, glob, except, writes: isWritten })),
    )
  }
  return [...touches(writes ?? [], true), ...touches(reads ?? [], false)]
}

/** 1 for each pair of which one waits for the other, or for both of which a sync point waits. */
function broughtTogether(tasks: readonly Task[], reach: Reach, pairs: readonly Pair[]): Uint8Array {
  const out = new Uint8Array(pairs.length)
  const firsts = [...new Set(pairs.map((pair) => pair.one))]
  for (const marks of chunks(firsts)) {
    const bits = new Map(marks.map((index, bit) => [index, 1 << bit]))
    const before = reach.before(marks)
    const after = reach.after(marks)
    for (const [at, { one, other }] of pairs.entries()) {
      if (((before[other] ?? 0) | (after[other] ?? 0)) & (bits.get(one) ?? 0)) out[at] = 1
    }
  }
  for (const marks of chunks([...tasks.keys()].filter((index) => tasks[index]?.kind === 'sync'))) {
    const after = reach.after(marks)
    for (const [at, { one, other }] of pairs.entries()) if ((after[one] ?? 0) & (after[other] ?? 0)) out[at] = 1
  }
  for (const [at, { one, other }] of pairs.entries()) {
    const group = tasks[one]?.group
    if (group !== undefined && group === tasks[other]?.group) out[at] = 1
  }
  return out
}

function* chunks(all: readonly number[]): Generator<readonly number[]> {
  for (let first = 0; first < all.length; first += mostMarks) yield all.slice(first, first + mostMarks)
}
