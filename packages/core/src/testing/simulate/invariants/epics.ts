import type { RunState } from '../../../model/run-state.ts'
import type { Task, TaskId } from '../../../model/task.ts'
import type { Checker } from '../call.ts'
import { isOk } from '../mirror.ts'
import type { Setting } from '../setting.ts'
import { decisions, isClaim } from './claim.ts'
import type { Scene } from './scene.ts'

export function isEpic({ policy }: Setting, id: TaskId | undefined): id is TaskId {
  return id !== undefined && Object.hasOwn(policy.epics ?? {}, id)
}

/** 3: the tasks of an epic go onto its branch until all of them are over; then that lands as a whole, and nobody outside begins with a part of it. */
export function epics(scene: Scene): Checker {
  const { mirror, vcs, violate, setting } = scene
  const { issued, isStale } = decisions(scene)
  const { states, tasks } = mirror
  const targetOf = (epic: TaskId): string | undefined => setting.policy.epics?.[epic]?.target

  function isDone(id: TaskId): boolean {
    const state = states.get(id)
    if (state === undefined || state.phase === 'open') return tasks.get(id)?.state === 'done'
    return (state.phase === 'merged' || state.phase === 'closed') && state.outcome !== 'cancelled'
  }

  function memberStarts({ id }: Task, epic: TaskId, { branch }: RunState): void {
    if (isDone(epic)) return
    if (branch?.target !== targetOf(epic)) violate(3, `${id} was started to land on ${branch?.target ?? vcs.target}`)
    const phase = states.get(epic)?.phase
    if (phase !== 'open' && phase !== 'closed') violate(3, `${id} was started while ${epic} was ${phase}`)
  }

  function epicStarts({ id }: Task, { branch }: RunState): void {
    const isOver = (task: Task): boolean => isDone(task.id) || task.state !== 'open'
    const open = [...tasks.values()].find((task) => task.epic === id && task.id !== id && !isOver(task))
    if (open !== undefined) violate(3, `${id} was started before ${open.id} was over`)
    const held = vcs.ancestors(branch?.head ?? '')
    for (const [member, state] of states) {
      const commit = state.review?.landed?.commit
      if (state.branch?.target !== targetOf(id) || commit === undefined || state.outcome !== 'done') continue
      if (!held.has(commit)) violate(4, `${id} begins without what ${member} has landed`)
    }
  }

  /** What it did is on the branch of its epic, which begins with the first one that has work there. */
  function isOnBranch({ id, epic }: Task): boolean {
    return isEpic(setting, epic) && id !== epic && states.get(id)?.branch?.target !== undefined
  }

  function outsiderStarts({ id, dependsOn, epic }: Task): void {
    const needs = dependsOn.flatMap((need) => tasks.get(need) ?? [])
    const parts = needs.filter((need) => need.epic !== epic && need.state !== 'cancelled')
    const part = parts.find((need) => isOnBranch(need))
    if (part?.epic !== undefined && !isDone(part.epic))
      violate(3, `${id} was started before the epic of ${part.id} had landed`)
  }

  function stacksOn({ id }: Task, { branch }: RunState): void {
    const [below] = branch?.on ?? []
    if (below !== undefined && states.get(below)?.branch?.target !== branch?.target)
      violate(3, `${id} was started on ${below}, which lands elsewhere`)
  }

  /** Where the branch of an epic was before it was made, or adopted. */
  const before = new Map<string, string | undefined>()

  return {
    issued,
    before({ port, verb, options }) {
      if (port === 'vcs' && verb === 'createTarget') before.set(options.branch, vcs.branches().get(options.branch))
    },
    after(call, answer) {
      if (call.port === 'vcs' && call.verb === 'createTarget') {
        const { branch } = call.options
        const was = before.get(branch)
        if (was !== undefined && !vcs.ancestors(vcs.branches().get(branch) ?? '').has(was))
          violate(4, `${branch} was made anew without ${was}`)
      }
      if (!isClaim(call) || !isOk(answer) || isStale(call)) return
      const { id, next }: { readonly id: TaskId; readonly next: RunState } = call.options
      const task = tasks.get(id)
      if (task === undefined || (states.get(id)?.phase ?? 'open') !== 'open') return
      if (isEpic(setting, id)) epicStarts(task, next)
      else if (isEpic(setting, task.epic)) memberStarts(task, task.epic, next)
      outsiderStarts(task)
      stacksOn(task, next)
    },
  }
}
