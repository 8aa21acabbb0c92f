import type { Oid } from '../model/run-state.ts'
import type { Glob } from '../model/task.ts'
import { exclusiveScopes } from '../plan/hot-files.ts'
import { literalGlob } from '../plan/literal-glob.ts'
import { overlapOf } from '../plan/overlap.ts'
import type { Ready } from '../plan/plan.ts'
import { type Scope, scopeOf } from '../plan/scope.ts'
import type { Root } from './roots.ts'
import { longestOf, placeOf, stands, type Train, trainOf, type Waiting } from './train.ts'
import type { Sight } from './world.ts'

/** Changes that have nothing to do with those of any other lane, with a train of their own. */
export interface Lane {
  readonly train: Train
  /** The heads that wait in other lanes. */
  readonly others: readonly Oid[]
}

/** Changes that keep together, and their train. */
interface Part {
  readonly waiting: readonly Waiting[]
  readonly train: Train
}

/**
 * Those that land on one branch, shared out to `landing.lanes` lanes at most. What is on its way keeps its lane; another change boards a train that has not left,
 * otherwise it opens a lane, otherwise it waits where the fewest wait.
 */
export function lanesOf(
  sight: Sight,
  waiting: readonly Waiting[],
  roots: readonly [Root, ...Root[]],
  now: Ready,
): readonly Lane[] {
  const { lanes: given, checks, via } = sight.policy.landing
  const most = via === 'host' ? 1 : given
  if (most === 1 || checks.length === 0) return [{ train: trainOf(sight, waiting, [roots[0]], now), others: [] }]
  const partOf = (members: readonly Waiting[]): Part => ({
    waiting: members,
    train: trainOf(sight, members, roots, now),
  })
  const parts = partsOf(sight, waiting, now).map(partOf)
  const lanes = parts.filter(({ train }) => train.cars.length > 0)
  for (const part of parts.filter(({ train }) => train.cars.length === 0)) {
    const size = part.waiting.length
    const open = lanes.find((lane) => !hasLeft(lane) && lane.waiting.length + size <= longestOf(sight))
    const fewest = lanes.toSorted((a, b) => a.waiting.length - b.waiting.length)[0]
    const lane = open ?? (lanes.length < most ? undefined : fewest)
    if (lane === undefined) lanes.push(part)
    else lanes[lanes.indexOf(lane)] = partOf([...lane.waiting, ...part.waiting])
  }
  return lanes.map((lane) => ({
    train: lane.train,
    others: lanes.flatMap((other) => (other === lane ? [] : other.waiting.flatMap(headOf))),
  }))
}

/** Nobody else can be built on it before what is known of it, or is about to be, has led to something. */
function hasLeft({ train }: Part): boolean {
  return train.root.heads !== null || train.cars.some(({ said }) => said.is !== 'nothing')
}

function headOf({ record }: Waiting): readonly Oid[] {
  const head = record.state.review?.head
  return head === undefined ? [] : [head]
}

/** Each change with all that it has to do with, and with what those have to do with, in the order in which they are to land. */
function partsOf(sight: Sight, waiting: readonly Waiting[], now: Ready): readonly (readonly Waiting[])[] {
  const scopes = new Map(waiting.map((one) => [one, scopesOf(sight, one)]))
  const meet = (one: Waiting, other: Waiting): boolean => {
    const [a, b] = [scopes.get(one), scopes.get(other)]
    return a == null || b == null || areRelated(one, other) || haveFilesInCommon(a, b)
  }
  let parts: (readonly Waiting[])[] = []
  for (const one of waiting.toSorted((a, b) => placeOf(a, now) - placeOf(b, now))) {
    const met = parts.filter((part) => part.some((other) => meet(one, other)))
    parts = [...parts.filter((part) => !met.includes(part)), [...met.flat(), one]]
  }
  return parts
}

interface Scopes {
  readonly writes: Scope
  readonly reads: Scope
}

/** What it may write, and what it has changed all the same; null: nobody knows. */
function scopesOf({ policy }: Sight, { task, record }: Waiting): Scopes | null {
  if (task.writes === undefined) return null
  const outside = (record.state.branch?.outside ?? []).map((path): Glob => literalGlob(path))
  const reads = scopeOf(task.reads ?? [], policy)
  return { writes: exclusiveScopes(policy)([...task.writes, ...outside]), reads }
}

function haveFilesInCommon(a: Scopes, b: Scopes): boolean {
  const pairs = [
    [a.writes, b.writes],
    [a.writes, b.reads],
    [a.reads, b.writes],
  ] as const
  return pairs.some(([one, other]) => overlapOf(one, other).is === 'overlap')
}

/** One is built on the other, or was said to need it, or one agent does both. */
function areRelated(one: Waiting, other: Waiting): boolean {
  const { group } = one.task
  return (group !== undefined && group === other.task.group) || needs(one, other) || needs(other, one)
}

function needs(one: Waiting, { task: { id }, record }: Waiting): boolean {
  const { dependsOn, stackedOn } = one.task
  const { on = [], lost = [] } = one.record.state.branch ?? {}
  const commit = record.state.review?.candidate?.commit
  const isOn = commit !== undefined && stands(one, commit)
  return isOn || stackedOn === id || [...dependsOn, ...on, ...lost].includes(id)
}
