import type { Project } from '../../packages/core/src/plan/project.ts'
import { instanceOf, reverse } from '../../packages/core/src/plan/solve/instance.ts'
import { lowerBound } from '../../packages/core/src/plan/solve/lower-bound.ts'
import { randomOf } from '../../packages/core/src/plan/solve/random.ts'
import { projectOf } from './project.ts'

export interface Family {
  readonly name: string
  readonly tasks: number
  readonly agents: number
  /** Files that many tasks write, and the part of the tasks that writes one. */
  readonly hotFiles: number
  readonly hot: number
}

export interface Member {
  readonly project: Project
  /** Minutes that no schedule can do without. */
  readonly bound: number
}

export const families: readonly Family[] = [
  { name: '100x4', tasks: 100, agents: 4, hotFiles: 0, hot: 0 },
  { name: '200x16', tasks: 200, agents: 16, hotFiles: 0, hot: 0 },
  { name: '200x16-hot', tasks: 200, agents: 16, hotFiles: 16, hot: 0.8 },
]

const instances = 20

/**
 * Tasks of 5 to 90 minutes, short ones more often. Three of five depend on one or two of those shortly before them. Each writes one to three
 * files, mostly in a corner of its own, and tasks with a file in common exclude each other.
 */
export function membersOf(family: Family): readonly Member[] {
  return Array.from({ length: instances }, (_, index) => memberOf(family, index + 1))
}

function memberOf({ tasks, agents, hotFiles, hot }: Family, seed: number): Member {
  const random = randomOf(seed)
  const below = (most: number) => Math.floor(random() * most)
  const all = Array.from({ length: tasks }, (_, task) => task)
  const minutes = all.map(() => Math.round(5 * 18 ** random()))
  const before = all.map((task) => {
    if (task === 0 || random() < 0.4) return []
    return [...new Set(Array.from({ length: 1 + below(2) }, () => task - 1 - below(Math.min(task, tasks / 2))))]
  })
  const files = all.map(() => {
    const own = Array.from({ length: 1 + below(3) }, () => hotFiles + below(tasks * 4))
    // Of hot files some are hotter than others.
    return new Set(random() < hot ? [...own, Math.floor(hotFiles * random() ** 1.1)] : own)
  })
  const meet = (task: number, other: number) => [...(files[task] ?? [])].some((file) => files[other]?.has(file))
  const excludes = all.map((task) => all.filter((other) => other !== task && meet(task, other)))
  const project = projectOf({ minutes, before, capacities: [agents], demands: all.map(() => [1]), excludes })
  const byFile = new Map<number, number>()
  for (const task of all) {
    for (const file of files[task] ?? []) byFile.set(file, (byFile.get(file) ?? 0) + (minutes[task] ?? 0))
  }
  const instance = instanceOf(project)
  return { project, bound: Math.max(lowerBound(instance, reverse(instance)), ...byFile.values()) }
}
