import type { Oid } from './run-state.ts'
import { digest, slugOf } from './slug.ts'
import type { TaskId } from './task.ts'

/** What the keys of all processes of a closed task begin with. */
export function keyPrefixes(task: TaskId, tree: Oid | null): readonly string[] {
  return [`turn-${slugOf(task)}.`, ...(tree === null ? [] : [`check-${tree}.`])]
}

/** Names a process before it exists: `[a-z0-9.-]{1,120}`, safe as a file name. */
export type ProcessKey = string

export function turnKey(task: TaskId, attempt: number, turn: number): ProcessKey {
  return `turn-${slugOf(task)}.${attempt}.${turn}`
}

/** The checks `commands` on `tree`; `run` counts repetitions after one that vanished. */
export function checkKey(tree: Oid, commands: readonly string[], run: number): ProcessKey {
  return `check-${tree}.${digest(JSON.stringify(commands)).slice(0, 16)}.${run}`
}

/** The same commands on what the candidate was built on, run only to tell whose fault it is that they are red on `tree`. */
export function targetCheckKey(tree: Oid, commands: readonly string[], run: number): ProcessKey {
  return `${checkKey(tree, commands, run)}.target`
}
