import type { MemoryAgent, MemoryEnd, MemoryStart } from '../memory-process.ts'
import type { AgentScript } from '../memory-runner.ts'
import type { MemoryVcs } from '../memory-vcs.ts'
import { type Conduct, conducts, misconducts } from './conduct.ts'
import type { Dice } from './dice.ts'
import { fileIn } from './file-in.ts'
import { secret } from './invariants/scene.ts'
import type { Mirror } from './mirror.ts'
import type { Mishaps } from './mishaps.ts'
import { review } from './review-conduct.ts'
import type { Actor, Scheduler } from './scheduler.ts'
import { guardedFolder } from './setting.ts'
import { hotFile, madeFile, madeOf, makes } from './tasks.ts'
import type { Trace } from './trace.ts'
import type { WorkLedger } from './work-ledger.ts'

export interface AgentsOptions {
  readonly dice: Dice
  readonly mishaps: Mishaps
  readonly scheduler: Scheduler
  readonly vcs: MemoryVcs
  /** What their tasks say of themselves. */
  readonly mirror: Mirror
  readonly ledger: WorkLedger
  readonly trace: Trace
}

/** Never dies and never waits: each agent's own process is what ends. */
const actor: Actor = { name: 'agents', dead: false, pausedUntil: 0 }

/** Agents and checks that do anything that such processes have been seen to do. */
export function randomAgents(options: AgentsOptions): AgentScript {
  const { dice, mishaps, scheduler, vcs, ledger, trace } = options
  return async (start, agent) => {
    const { key, directory, environment } = start
    // Started late: it hangs until somebody ends it.
    if (environment.ORCH_TASK === undefined) return undefined
    const work = (): Promise<void> => scheduler.rest(actor, 50 + dice.below(3000), agent.signal)
    await work()
    if (environment.ORCH_REVIEW !== undefined) return judged(await review(options, agent, work))
    const isCheck = environment.ORCH_ATTEMPT === undefined || start.profile.name === 'checks'
    const how = await (isCheck ? check(options, agent) : act())
    return judged(isCheck || how === undefined ? how : { resume: `session of ${key}`, ...how })

    function judged(end: MemoryEnd | undefined): MemoryEnd | undefined {
      trace.say(actor.name, () => `${key} ends: ${JSON.stringify(end ?? 'not by itself')}`)
      // Who was stopped meanwhile has not ended like this.
      if (end !== undefined && !agent.signal.aborted) ledger.ended(start, end)
      return end
    }

    async function act(): Promise<MemoryEnd | undefined> {
      const task = options.mirror.tasks.get(environment.ORCH_TASK ?? '')
      const conduct: Conduct =
        mishaps.deal(misconducts, 0.55) ?? (dice.chance(0.2) ? 'works-where-others-work' : 'works')
      trace.say(actor.name, () => `${key} ${conduct}`)
      // What goes back because of a conflict is mended first.
      if (start.prompt.includes('conflicts with') && dice.chance(0.8) && !agent.signal.aborted) {
        vcs.mergeTarget(directory)
      }
      // Most agents of a task that expects no commits make none.
      const writes = task?.kind !== 'read' || dice.chance(0.2)
      const write = (glob: string): void => {
        const name = `${key}-${dice.below(1e9)}`
        // A name may be anything, too.
        const path = fileIn(glob, `${name}${dice.chance(0.1) ? `-${secret}` : ''}`)
        if (agent.signal.aborted || !writes) return
        if (path === madeFile) {
          vcs.edit(directory, { [path]: dice.chance(0.7) ? madeOf(vcs.read(directory)) : `${name}\n` })
          return
        }
        const before = path === hotFile ? (vcs.read(directory)[path] ?? '') : ''
        vcs.edit(directory, { [path]: `${before}${name}\n` })
        ledger.wrote(path === hotFile ? name : path)
      }
      const scope = task?.writes ?? []
      const acts: (typeof conducts)[Conduct] = conducts[conduct]
      return acts({
        agent,
        vcs,
        dice,
        directory,
        work,
        edit: () => write(scope.length > 0 ? dice.pick(scope) : 'loose/**'),
        stray: () => write(dice.pick(['outside/**', `${guardedFolder}/**`])),
        commit: () => {
          if (!agent.signal.aborted) vcs.commit(directory, `by ${key}\n`)
        },
      })
    }
  }
}

/** A tree that holds it passes no checks. */
export const brokenFile = 'broken'

/** What checks have been seen to do, the likely more often. */
export const checkMishaps = [
  'red-checks',
  'red-checks',
  'red-checks',
  'checks-cannot-run',
  'checks-hang',
  'checks-are-killed',
  'checks-leave-processes',
] as const

/** It does more than it is to do. */
function make(vcs: MemoryVcs, { key, directory }: MemoryStart): void {
  vcs.edit(directory, { [madeFile]: madeOf(vcs.read(directory)), [`made-by/${key}`]: 'rubbish\n' })
}

/** What checks say of a tree, or commands that make files of it: mostly that it is good, sometimes nothing at all. */
async function check(
  { dice, mishaps, scheduler, vcs }: AgentsOptions,
  agent: MemoryAgent,
): Promise<MemoryEnd | undefined> {
  const mishap = mishaps.deal(checkMishaps, 0.4)
  const note = { tell: 'working', note: 'check 1' } as const
  if (dice.chance(0.7)) agent.report(note)
  if (brokenFile in vcs.read(agent.start.directory)) return { exit: 1 }
  if (makes(agent.start.profile) && !agent.signal.aborted) make(vcs, agent.start)
  switch (mishap) {
    case 'red-checks':
      agent.print(`1 failed with ${secret}`)
      return { exit: 1 }
    case 'checks-cannot-run':
      return { exit: 127 }
    case 'checks-hang':
      await scheduler.clock.sleep(3_600_000, { signal: agent.signal })
      return undefined
    case 'checks-are-killed':
      agent.vanish()
      return undefined
    case 'checks-leave-processes':
      return { exit: 0, survivors: true }
    case null:
      return { exit: 0 }
  }
}
