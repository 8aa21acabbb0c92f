import type { Task } from '../model/task.ts'
import type { Reach } from './reach.ts'

/** The open tasks of a plan in its order, what each waits for by index, and who waits for whom. */
export interface Linted {
  readonly tasks: readonly Task[]
  readonly reach: Reach
}

/** Some names, and how many more there are. */
export function some(tasks: readonly Task[]): string {
  const names = tasks.slice(0, 3).map((task) => task.id)
  const more = tasks.length - names.length
  if (more > 0) return `${names.join(', ')} and ${more} more`
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
