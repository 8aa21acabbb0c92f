import type { Glob } from '../../model/task.ts'
import { overlap } from '../../plan/overlap.ts'
import { covers } from '../../plan/scope.ts'

/** A path that the pattern covers; with `name` in it where the pattern leaves a name open. */
export function fileIn(glob: Glob, name: string): string {
  const named = glob.replaceAll(/\*+/g, name)
  if (covers([glob], named)) return named
  const found = overlap([glob], [glob])
  return found.is === 'overlap' && found.path !== null ? found.path : named
}
