import type { NewTask } from '@orch/core'
import type { AgentScript, HandClock, MemoryVcs } from '@orch/core/testing'
import type { Dice } from './dice.ts'

/** An agent that does anything that agents have been seen to do. @param committed gets the paths of what it commits */
export function randomAgent(
  dice: Dice,
  clock: HandClock,
  vcs: MemoryVcs,
  tasks: readonly NewTask[],
  committed: Set<string>,
): AgentScript {
  return async ({ directory, environment, key }, process) => {
    const rest = (): Promise<void> => clock.sleep(50 + dice.below(3000), { signal: process.signal })
    await rest()
    if (environment.ORCH_ATTEMPT === undefined || key.startsWith('check') || directory.includes('.checks'))
      return { exit: dice.chance(0.15) ? 1 : 0 }
    const given = tasks.find(({ id }) => id === environment.ORCH_TASK)
    const scope = given?.writes?.map((glob) => glob.replace('/**', '')) ?? []
    const mine = scope.length > 0 ? dice.pick(scope) : 'loose'
    const edit = (folder: string): string => {
      const path = `${folder}/${key}-${dice.below(1e9)}`
      if (!process.signal.aborted) vcs.edit(directory, { [path]: `${path}\n` })
      return path
    }
    const commit = (...paths: string[]): void => {
      if (process.signal.aborted) return
      vcs.commit(directory, 'by an agent')
      for (const path of paths) committed.add(path)
    }
    const ask = { tell: 'stuck', reason: 'which?', options: [], context: '' } as const
    switch (dice.below(12)) {
      case 0:
        return { exit: 1 }
      case 1:
        process.vanish()
        return undefined
      case 2:
        commit(edit(mine))
        process.vanish({ survivors: dice.chance(0.3) })
        return undefined
      case 3:
        edit('outside')
        edit(mine)
        return { exit: 0 }
      case 4:
        return { exit: 0, report: ask }
      case 5: {
        process.report(ask)
        while (process.inbox.length === 0 && !process.signal.aborted) await rest()
        commit(edit(mine))
        return { exit: 0, report: { tell: 'done' } }
      }
      case 6:
        return { exit: 0, report: { tell: 'done', noChanges: 'nothing to do' } }
      case 7:
        commit(edit('outside'), edit(mine))
        return { exit: 0 }
      case 8:
        if (!process.signal.aborted) vcs.edit(directory, { 'README.md': `${key}\n` })
        return { exit: 0 }
      default: {
        const first = edit(mine)
        commit(first)
        await rest()
        edit(mine)
        return { exit: 0 }
      }
    }
  }
}
