import { type NewTask, type Task, type TaskId, taskOf } from '../model/task.ts'

/** A task for a test: `task('a', { writes: ['src/a.ts'] })`. */
export function task(id: TaskId, fields: Partial<Omit<NewTask, 'id'>> & Partial<Pick<Task, 'state'>> = {}): Task {
  return taskOf({ ...fields, id })
}
