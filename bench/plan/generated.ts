import type { Task } from '@orch/core'
import { taskOf } from '@orch/core'
import { randomOf } from '../../packages/core/src/plan/solve/random.ts'

/** Tasks that each depend on up to five earlier ones, and write nothing. */
export function dependentTasks(count: number): readonly Task[] {
  const random = randomOf(count)
  return Array.from({ length: count }, (_, index) =>
    taskOf({
      id: `task-${index}`,
      writes: [],
      minutes: 1 + Math.floor(random() * 60),
      dependsOn: index === 0 ? [] : distinct(5, () => `task-${Math.floor(random() * index)}`),
    }),
  )
}

/** Scopes as people write them: mostly single files, some folders, a few patterns across the repository. */
export function scopes(count: number, globs: number): readonly (readonly string[])[] {
  const random = randomOf(count)
  const some = (most: number) => Math.floor(random() * most)
  const shapes = [
    () => `src/module-${some(200)}/file-${some(30)}.ts`,
    () => `src/module-${some(200)}/file-${some(30)}.test.ts`,
    () => `src/module-${some(200)}/**`,
    () => `packages/*/src/part-${some(50)}/*.ts`,
    () => `docs/{guide,api}/page-${some(100)}.md`,
    () => `test/**/case-${some(500)}.test.ts`,
  ]
  return Array.from({ length: count }, () => Array.from({ length: globs }, () => shapes[some(shapes.length)]?.() ?? ''))
}

function distinct(count: number, draw: () => string): readonly string[] {
  return [...new Set(Array.from({ length: count }, draw))]
}
