import type { AgentProfile } from '../../model/profile.ts'
import type { NewTask } from '../../model/task.ts'
import { edited, type Files, treeOf } from '../memory-files.ts'
import type { Dice } from './dice.ts'

export const epics = ['one', 'two'] as const
/** What tasks write to: of every two of them it is plain to see whether their scopes meet. */
const folders = ['d0', 'd1', 'd2', 'd3'] as const

export function scopeOf(dice: Dice): readonly string[] {
  return folders.filter(() => dice.chance(0.35)).map((folder) => `${folder}/**`)
}

/** Where each change may add a line. */
export const hotFile = 'CHANGES.md'

/** What a command makes of all other files, and the command. */
export const madeFile = 'LOCK'
export const making = 'make LOCK'

/** It is no check, though it runs like one. */
export function makes({ argv }: AgentProfile): boolean {
  return argv.at(-1) === making
}

/** Of these files. */
export function madeOf(files: Files): string {
  return `${treeOf(edited(files, { [madeFile]: null }))}\n`
}

/** Many of them may write it, too. */
export function withFile(path: string, dice: Dice, tasks: readonly NewTask[]): readonly NewTask[] {
  return tasks.map((task) =>
    task.writes !== undefined && dice.chance(0.7) ? { ...task, writes: [...task.writes, path] } : task,
  )
}

/** Those that wait for nobody, and most of them with files of their own. */
export function sideBySide(tasks: readonly NewTask[]): readonly NewTask[] {
  return tasks.map(({ dependsOn: _, ...task }, at) => {
    const own = `own${at}/**`
    return task.writes === undefined ? task : { ...task, writes: at % 3 === 2 ? task.writes : [own] }
  })
}

/** Three to seven tasks of every kind, with every reason to wait for each other. */
export function randomTasks(dice: Dice): readonly NewTask[] {
  const tasks: NewTask[] = []
  for (let index = 0, count = 3 + dice.below(5); index < count; index++) {
    const before = tasks.map(({ id }) => id)
    const kind = dice.chance(0.75) ? 'change' : dice.pick(['read', 'sync', 'manual'] as const)
    const dependsOn = before.filter(() => dice.chance(0.2))
    tasks.push({
      id: `t${index}`,
      kind,
      ...(kind === 'change' && dice.chance(0.9) && { writes: scopeOf(dice) }),
      epic: dice.pick(epics),
      dependsOn: kind === 'sync' ? before : dependsOn,
      ...(dice.chance(0.1) && before.length > 0 && { stackedOn: dice.pick(before) }),
      ...(dice.chance(0.2) && { group: 'g' }),
      ...(dice.chance(0.3) && { layer: dice.pick(['api', 'web'] as const) }),
      ...(dice.chance(0.2) && { resources: { database: 1 } }),
      ...(index === 0 && { establishes: 'pattern' }),
      ...(index > 0 && dice.chance(0.1) && { follows: ['pattern'] }),
      hold: dice.chance(0.1),
      priority: dice.below(3),
    })
  }
  return tasks
}
