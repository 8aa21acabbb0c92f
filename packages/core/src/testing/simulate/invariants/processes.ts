import { reviewerOf } from '../../../decide/reviewing.ts'
import { turnKey } from '../../../model/process-key.ts'
import type { Task } from '../../../model/task.ts'
import type { MemoryStart } from '../../memory-process.ts'
import type { Call, Checker } from '../call.ts'
import { isOk } from '../mirror.ts'
import type { Scene } from './scene.ts'

/** 7 and 9: once per turn one process, in one workspace one agent, and never more of anything than there is. */
export function processes({ mirror, runner, givenUp, forgotten, late, violate, setting }: Scene): Checker {
  const started = new Set<string>()
  const issuedAt = new WeakMap<Call, number>()

  /** Those that carry the present attempt of their task: any other is refused everywhere and stopped by the next pass. */
  function agents(): readonly { readonly start: MemoryStart; readonly task: Task }[] {
    return runner.alive.flatMap((key) => {
      const { start } = runner.agent(key)
      const task = mirror.tasks.get(start.environment.ORCH_TASK ?? '')
      const { run, outcome = null } = mirror.states.get(task?.id ?? '') ?? {}
      if (task === undefined || run === undefined || task.kind === 'sync' || givenUp.has(key)) return []
      if (mirror.revived.has(task.id)) return []
      // Without a trace of it nobody could know that it was on its way.
      if (late.has(key) && (run.wants !== null || outcome !== null || forgotten.has(key))) return []
      return key === turnKey(task.id, run.attempt, run.turn) ? [{ start, task }] : []
    })
  }

  /** Those whose verdict is waited for. */
  function reviewers(): number {
    return runner.alive.filter((key) => {
      const id = runner.agent(key).start.environment.ORCH_TASK ?? ''
      const state = mirror.states.get(id)
      if (state === undefined || givenUp.has(key) || late.has(key) || mirror.revived.has(id)) return false
      return mirror.tasks.has(id) && key === reviewerOf({ id, state })
    }).length
  }

  function within(name: string, capacity: number, used: number): void {
    if (used > capacity) violate(7, `${used} of ${name} are used, and there are ${capacity}`)
  }

  return {
    issued(call) {
      issuedAt.set(call, mirror.clock.elapsed())
    },
    before(call) {
      const { actor, port, verb, options } = call
      if (port !== 'runner' || verb !== 'start') return
      // The others count from the beat that they have seen, which may be older than the one that is on its way.
      const seenAt = mirror.leases.get(actor.name)?.at ?? Number.NEGATIVE_INFINITY
      const lapsed = (mirror.lapsedAt.get(actor.name) ?? -1) > (issuedAt.get(call) ?? 0)
      if (call.isLate || lapsed || mirror.clock.elapsed() - seenAt >= setting.policy.leaseMs) late.add(options.key)
    },
    after({ port, verb, options }, answer) {
      if (port !== 'runner' || verb !== 'start' || !isOk(answer)) return
      if (started.has(options.key) && !forgotten.has(options.key)) violate(9, `${options.key} was started twice`)
      started.add(options.key)
      const alive = agents()
      for (const { task } of alive)
        if (mirror.states.get(task.id)?.run.taken != null)
          violate(9, `an agent of ${task.id} was started, which a person has taken`)
      const directories = alive.map(({ start }) => start.directory)
      const twice = directories.find((directory, at) => directories.indexOf(directory) !== at)
      if (twice !== undefined) violate(9, `two agents work in ${twice}`)
      within('agents', setting.policy.maxAgents, alive.length + reviewers())
      const sum = (units: (task: Task) => number): number => alive.reduce((all, { task }) => all + units(task), 0)
      for (const [layer, limit] of Object.entries(setting.policy.limits?.layers ?? {}))
        within(
          `layer ${layer}`,
          limit,
          sum((task) => Number(task.layer === layer)),
        )
      for (const name of new Set(alive.flatMap(({ task }) => Object.keys(task.resources))))
        within(
          name,
          setting.policy.resources?.[name] ?? 1,
          sum((task) => task.resources[name] ?? 0),
        )
    },
  }
}
