import { failed, ok, type Task, type TaskId, type TaskSource, taskOf } from '@orch/core'
import type { Database } from './database.ts'
import type { Connection } from './engine.ts'
import { ParsedRows, parse, Snapshot } from './parsed.ts'
import { counters } from './store-row.ts'

type Listed = Awaited<ReturnType<TaskSource['list']>>

/** The verbs of a task source on `database`. */
export function taskVerbs(database: Database): Required<Pick<TaskSource, 'list' | 'add' | 'close'>> {
  const rows = new ParsedRows<Task>()
  const wanted = new Snapshot<Listed>()

  const listed = (connection: Connection, where: string): Listed => {
    const found = connection.rows<{ id: TaskId; task: string }>(`SELECT id, task FROM tasks ${where} ORDER BY ordinal`)
    const make = (row: { id: TaskId; task: string }) => parse<Task>(row.task, `a task (${row.id})`, database.file)
    return Object.freeze({ tasks: rows.map(found, (row) => row.task, make), complete: true })
  }

  return {
    list({ all = false, signal }) {
      return database.read(signal, (connection) => {
        if (all) return listed(connection, '')
        return wanted.at(counters(connection).changes, () => listed(connection, 'WHERE id IN (SELECT id FROM wanted)'))
      })
    },

    add({ key, tasks, signal }) {
      const ids = tasks.map(({ id }) => id)
      return database.write(signal, (connection) => {
        const before = connection.row<{ ids: string }>('SELECT ids FROM additions WHERE key = ?', key)
        if (before !== undefined) return ok(parse<readonly TaskId[]>(before.ids, `an addition (${key})`, database.file))
        const given = new Set<TaskId>()
        const taken = ids.filter((id) => isTask(connection, id) || given.size === given.add(id).size)
        if (taken.length > 0) return failed('exists', `Nothing was added: these ids are taken: ${taken.join(', ')}.`)
        for (const task of tasks) {
          connection.run('INSERT INTO tasks (id, task) VALUES (?, ?)', task.id, JSON.stringify(taskOf(task)))
        }
        connection.run('INSERT INTO additions (key, ids) VALUES (?, ?)', key, JSON.stringify(ids))
        return ok(ids)
      })
    },

    close({ id, as, note, signal }) {
      return database.write(
        signal,
        (connection) => {
          const task = connection.row<{ state: Task['state'] }>('SELECT state FROM tasks WHERE id = ?', id)
          if (task === undefined) return failed('gone', `There is no task ${id}.`)
          if ((task.state === 'open') === (as === null)) return ok()
          connection.run(
            "UPDATE tasks SET task = json_set(task, '$.state', ?), note = ? WHERE id = ?",
            as ?? 'open',
            note,
            id,
          )
          return ok()
          // Said once more by whoever reads that it is not closed.
        },
        { durable: as === null },
      )
    },
  }
}

export function isTask(connection: Connection, id: TaskId): boolean {
  return connection.row('SELECT 1 FROM tasks WHERE id = ?', id) !== undefined
}
