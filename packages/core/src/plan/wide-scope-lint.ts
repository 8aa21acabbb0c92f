import type { Task } from '../model/task.ts'
import { exclusiveScopes } from './hot-files.ts'
import { type Linted, some } from './linted.ts'
import { overlapOf } from './overlap.ts'
import type { PlanPolicy, PlanWarning } from './plan.ts'
import type { Scope } from './scope.ts'

/** Scopes that are looked at, the widest first, and tasks that each is compared with. */
const mostScopes = 8
const mostOthers = 500
/** Scopes that are told. */
const mostTold = 3

/** Scopes that keep their tasks apart from most others which they do not wait for and which do not wait for them. */
export function wideScopeLints({ tasks, reach }: Linted, policy: PlanPolicy): PlanWarning[] {
  const exclusive = exclusiveScopes(policy)
  const owners = new Map<Scope, number[]>()
  const writers: { readonly index: number; readonly scope: Scope }[] = []
  for (const [index, task] of tasks.entries()) {
    if (task.writes === undefined || task.writes.length === 0) continue
    const scope = exclusive(task.writes)
    writers.push({ index, scope })
    const found = owners.get(scope)
    if (found === undefined) owners.set(scope, [index])
    else found.push(index)
  }
  const widest = [...owners]
    .filter(([scope]) => !scope.positive.every((entry) => entry.pattern.literal && entry.prefix.includes('.')))
    .sort(([a], [b]) => narrowness(a) - narrowness(b))
    .slice(0, mostScopes)
  if (widest.length === 0) return []
  const marks = widest.map(([, [first = 0]]) => first)
  const before = reach.before(marks)
  const after = reach.after(marks)
  const every = Math.ceil(writers.length / mostOthers)
  const compared = writers.filter((_, at) => at % every === 0)
  const out: PlanWarning[] = []
  for (const [bit, [scope, own]] of widest.entries()) {
    const others = compared.filter(({ index }) => index !== own[0])
    const apart = others.filter(
      ({ index, scope: other }) =>
        (((before[index] ?? 0) | (after[index] ?? 0)) & (1 << bit)) === 0 && overlapOf(scope, other).is === 'overlap',
    )
    const task = tasks[own[0] ?? 0]
    if (task === undefined || apart.length < 3 || apart.length <= others.length / 2) continue
    const named = own.map((index) => tasks[index]).filter((one): one is Task => one !== undefined)
    const count = every === 1 ? `${apart.length} of ${others.length}` : 'most'
    const message = `${some(named)} may write ${task.writes?.join(', ')}, so ${count} other tasks cannot run beside ${named.length === 1 ? 'it' : 'them'}: name fewer files`
    out.push({ code: 'wide-scope', task: task.id, message })
    if (out.length === mostTold) break
  }
  return out
}

/** The fewest characters with which a path of the scope begins: the fewer, the more paths there are. */
function narrowness(scope: Scope): number {
  return scope.positive.reduce((least, { prefix }) => Math.min(least, prefix.length), Number.POSITIVE_INFINITY)
}
