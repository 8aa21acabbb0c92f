import type { RunState } from '../../../model/run-state.ts'
import type { Task } from '../../../model/task.ts'
import { hotGlobs } from '../../../plan/hot-files.ts'
import { covers } from '../../../plan/scope.ts'
import type { Checker } from '../call.ts'
import { isOk } from '../mirror.ts'
import { decisions, isClaim } from './claim.ts'
import { isEpic } from './epics.ts'
import type { Scene } from './scene.ts'

/** 2 and 3: a task starts only when what it depends on has landed, and beside no other that may write the same files. */
export function claims(scene: Scene): Checker {
  const { mirror, violate, setting } = scene
  const { issued, isStale } = decisions(scene)
  const { states, tasks } = mirror
  const hot = hotGlobs(setting.policy)

  function isInFlight(id: string): boolean {
    const { phase = 'open', branch = null } = states.get(id) ?? {}
    return phase !== 'open' && phase !== 'merged' && phase !== 'closed' && branch !== null
  }

  function isDone(id: string): boolean {
    const state = states.get(id)
    if (state === undefined || state.phase === 'open') return tasks.get(id)?.state === 'done'
    return (state.phase === 'merged' || state.phase === 'closed') && state.outcome !== 'cancelled'
  }

  function startsWith(task: Task, { branch }: RunState): void {
    const { on = [], base } = branch ?? {}
    const [below] = on
    const under = below === undefined ? undefined : states.get(below)
    if (below !== undefined && under?.branch?.head !== base)
      violate(3, `${task.id} did not start on what ${below} has done`)
    // Where nobody else schedules no claim is stale: what it was decided on may just have landed.
    const isLanded = setting.schedulers === 'one' && under?.phase === 'merged' && under.outcome === 'done'
    if (below !== undefined && under?.phase !== 'committed' && under?.phase !== 'pr_created' && !isLanded)
      violate(3, `${task.id} was started on ${below}, which was ${under?.phase}`)
    const establishers = [...tasks.values()].filter(
      (other) => other.establishes && task.follows.includes(other.establishes),
    )
    const stack = task.stackedOn === undefined ? [] : [task.stackedOn]
    for (const need of [...task.dependsOn, ...establishers.map(({ id }) => id)])
      if (need !== task.id && !isDone(need)) violate(3, `${task.id} was started before ${need} had landed`)
    for (const need of stack)
      if (!isDone(need) && !on.includes(need)) violate(3, `${task.id} was started elsewhere than on ${need}`)
    if (task.kind === 'manual' && !isEpic(setting, task.id)) violate(3, `${task.id} is for a person, and was started`)
    const letGo =
      states.get(task.id)?.run.released === true ||
      mirror.askedOf(task.id).some((it) => it.do === 'land' || it.do === 'release')
    if (task.hold && !letGo) violate(3, `${task.id} is on hold, and was started`)
  }

  function needs(task: Task, other: Task): boolean {
    const order = [...tasks.keys()]
    if (order.indexOf(other.id) < order.indexOf(task.id)) return true
    const all = new Set(task.dependsOn)
    for (const one of all) for (const next of tasks.get(one)?.dependsOn ?? []) all.add(next)
    return all.has(other.id)
  }

  function sharesWith(task: Task, other: Task, next: RunState): void {
    const isOn = (state: RunState | undefined, id: string): boolean => state?.branch?.on?.includes(id) ?? false
    if (isOn(next, other.id) || isOn(states.get(other.id), task.id)) return
    // While it was not in its source, nobody could know of it.
    if (mirror.revived.has(task.id) || mirror.revived.has(other.id)) return
    // People have made the files of two meet that have begun: one goes on, and the other waits.
    if (isInFlight(task.id) && states.get(other.id)?.run.wants != null) return
    const shared = (task.writes ?? []).find(
      (glob) => !covers(hot, glob) && (other.writes ?? []).some((theirs) => meet(glob, theirs)),
    )
    if (shared !== undefined) violate(2, `${task.id} was claimed while ${other.id} may write ${shared}`)
    const isTogether = next.branch?.target === states.get(other.id)?.branch?.target
    // What people have opened again, or made it wait for since it began, goes before it.
    if (task.group !== undefined && task.group === other.group && isTogether && !needs(other, task))
      violate(2, `${task.id} was claimed while ${other.id} of the same group is in flight`)
  }

  return {
    issued,
    after(call, answer) {
      if (!isClaim(call) || !isOk(answer) || isStale(call)) return
      if (mirror.paused) violate(3, `${call.options.id} was claimed, and everything is paused`)
      const task = tasks.get(call.options.id)
      if (task === undefined) return
      if (states.get(task.id) === undefined || states.get(task.id)?.phase === 'open')
        startsWith(task, call.options.next)
      if (isEpic(setting, task.id)) return
      for (const other of tasks.values())
        if (other.id !== task.id && isInFlight(other.id) && !isEpic(setting, other.id))
          sharesWith(task, other, call.options.next)
    },
  }
}

/** Of two patterns of which one names a whole folder it is plain to see; of others nothing is said. */
function meet(a: string, b: string): boolean {
  const isBelow = (path: string, glob: string): boolean =>
    glob.endsWith('/**') && `${path}/`.startsWith(glob.slice(0, -2))
  return a === b || isBelow(a, b) || isBelow(b, a)
}
