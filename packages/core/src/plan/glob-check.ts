import type { Problem } from '../model/error.ts'
import { shown } from '../model/shown.ts'
import type { NewTask } from '../model/task.ts'
import { parsedGlob } from './known-globs.ts'

/** What is wrong with the scope of a task. */
export function* globProblems(task: NewTask): Generator<Problem> {
  for (const field of ['writes', 'reads'] as const) {
    const globs = task[field] ?? []
    for (const glob of globs) {
      const parsed = parsedGlob(glob)
      if (parsed.ok) continue
      const message = `the pattern ${shown(glob)} of ${shown(task.id)} cannot be used: ${parsed.message}`
      yield { code: parsed.code, task: task.id, field, message }
    }
    if (globs.length > 0 && globs.every((glob) => glob.startsWith('!') && !glob.startsWith('!('))) {
      const message = `the \`${field}\` of ${shown(task.id)} only take paths out; a \`!\` pattern needs another one beside it`
      yield { code: 'invalid-glob', task: task.id, field, message }
    }
  }
}
