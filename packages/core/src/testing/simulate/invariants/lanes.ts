import { type Task, taskOf } from '../../../model/task.ts'
import { hotGlobs } from '../../../plan/hot-files.ts'
import { covers } from '../../../plan/scope.ts'
import { differing } from '../../memory-files.ts'
import type { Scene } from './scene.ts'

export interface Built {
  readonly task: string
  readonly base: string
  readonly tree: string
  readonly head: string
}

/** A move of the target that was a landing. */
export interface Moved {
  readonly from: string
  readonly tasks: readonly string[]
}

interface Landing {
  /** What was brought onto the target, one on the other, the first one first. */
  readonly commits: readonly string[]
  readonly target: string
  readonly built: ReadonlyMap<string, Built>
  /** By where each led. */
  readonly moves: ReadonlyMap<string, Moved>
}

/** Why checks that passed before others landed do not speak for a landing; null: they do. */
export function carriedWrongly({ setting, mirror, vcs, ledger }: Scene, landing: Landing): string | null {
  const { commits, target, built, moves } = landing
  const hot = hotGlobs({ hotFiles: { union: [], regenerate: [], ...setting.policy.hotFiles } })
  const given = new Map(setting.tasks.map((task) => [task.id, taskOf(task)]))

  /** What a person has not changed since. */
  function unchanged(id: string): Task | undefined {
    const told = (task: Task | undefined) => JSON.stringify([task?.writes, task?.dependsOn])
    const [task, now] = [given.get(id), mirror.tasks.get(id)]
    return told(task) === told(now) ? task : undefined
  }

  /** Where the train with these changes stood that passed its checks as a whole; null: there was none. */
  function checkedOn(last: string): string | null {
    let at = last
    for (const commit of commits.toReversed()) {
      const [now, then] = [built.get(commit), built.get(at)]
      if (now === undefined || then?.task !== now.task || then.head !== now.head) return null
      at = then.base
    }
    return at
  }

  /** What has landed from there on, and by nobody else. */
  function landedSince(root: string): readonly string[] | null {
    const tasks: string[] = []
    for (let at = target; at !== root; ) {
      const move = moves.get(at)
      if (move === undefined || tasks.length > 100) return null
      tasks.push(...move.tasks)
      at = move.from
    }
    return tasks
  }

  function isRelated(one: string, other: string): boolean {
    const [a, b] = [unchanged(one), unchanged(other)]
    if (a === undefined || b === undefined) return false
    const isUnknown = a.writes === undefined || b.writes === undefined
    return isUnknown || (a.group !== undefined && a.group === b.group) || a.dependsOn.includes(other)
  }

  function meets(ids: readonly string[], files: readonly string[]): string | undefined {
    const cold = files.filter((path) => !covers(hot, path))
    return ids.find((id) => cold.some((path) => covers(unchanged(id)?.writes ?? [], path)))
  }

  const own = commits.map((commit) => built.get(commit)?.task ?? '')
  const from = (oid: string, to: string) => differing(vcs.read(oid), vcs.read(to))
  let why = 'no checks passed on it, here or elsewhere'
  for (const [last, { tree }] of built) {
    const root = ledger.isGreen(tree) ? checkedOn(last) : null
    if (root === null) continue
    const others = landedSince(root)
    if (others === null) {
      why = `somebody else has moved the target since ${tree} was checked`
      continue
    }
    const [theirs, ours] = [from(root, target), from(root, last)]
    const both = ours.find((path) => theirs.includes(path) && !covers(hot, path))
    const met = meets(own, theirs) ?? meets(others, ours)
    const related = own.find((one) => others.some((other) => isRelated(one, other)))
    const [now, then, before] = [commits.at(-1) ?? '', last, target].map((oid) => vcs.read(oid))
    const wrong = differing(now ?? {}, before ?? {}).find(
      (path) => !covers(hot, path) && (!ours.includes(path) || now?.[path] !== then?.[path]),
    )
    if (both !== undefined) why = `${both} was changed by it and by what landed beside it`
    else if (met !== undefined) why = `${met} says that it may write what the other side has changed`
    else if (related !== undefined) why = `${related} has to do with what landed beside it`
    else if (wrong !== undefined) why = `${wrong} is not as it was checked`
    else return null
  }
  return why
}
