import type { Task } from '../../model/task.ts'
import type { SimulatedWorld } from './world.ts'

export interface WillingPeople {
  /** Looks what waits for them, and does it. */
  act(): void
  /** Something of it is not done yet. */
  readonly areBusy: boolean
}

/** People who keep nobody waiting. */
export function willingPeople(world: SimulatedWorld, msOf: (task: Task) => number): WillingPeople {
  const { mirror, setting } = world
  const asked = new Set<string>()
  let people = 0
  let busy = 0

  function lets(id: string, why: string, ms = 0): void {
    const name = `${id} ${why}`
    if (asked.has(name)) return
    asked.add(name)
    const orch = world.orchestrator(world.process(`person-${++people}`), 0)
    busy++
    world.later(ms, () =>
      orch
        .land(id)
        .catch(() => asked.delete(name))
        .finally(() => busy--),
    )
  }

  function isDone(id: string): boolean {
    const state = mirror.states.get(id)
    return state === undefined ? mirror.tasks.get(id)?.state === 'done' : state.outcome !== null
  }

  function act(): void {
    for (const task of mirror.tasks.values()) {
      const { id, kind, hold, dependsOn } = task
      const state = mirror.states.get(id)
      const isOpen = task.state === 'open' && (state === undefined || state.phase === 'open')
      if (isOpen && hold && state?.run.released !== true) lets(id, 'goes')
      if (isOpen && kind === 'manual' && !hold && dependsOn.every(isDone)) lets(id, 'is done', msOf(task))
      const waits = state?.phase === 'pr_created' && state.run.stuck === null && state.review?.approved === false
      if (waits && setting.policy.landing?.by !== 'orchestrator') lets(id, `round ${state.review?.round} is good`)
    }
  }

  return {
    act,
    get areBusy() {
      return busy > 0
    },
  }
}
