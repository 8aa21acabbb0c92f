import type { Oid } from './run-state.ts'
import { digest, slugOf } from './slug.ts'
import type { TaskId } from './task.ts'

/** What the keys of all processes of a closed task begin with. */
export function keyPrefixes(task: TaskId): readonly string[] {
  return [`turn-${slugOf(task)}.`, `check-${slugOf(task)}.`, `review-${slugOf(task)}.`]
}

/** Names a process before it exists: `[a-z0-9.-]{1,120}`, safe as a file name. */
export type ProcessKey = string

export function turnKey(task: TaskId, attempt: number, turn: number): ProcessKey {
  return `turn-${slugOf(task)}.${attempt}.${turn}`
}

/** The checks, or other `commands`, on `tree` for one task, whose own count `run` is: another task's runs, and how they were stopped, say nothing of it. */
export function checkKey(task: TaskId, tree: Oid, commands: readonly string[], run: number): ProcessKey {
  return `check-${slugOf(task)}.${tree.slice(0, 12)}.${digest(JSON.stringify([tree, commands])).slice(0, 16)}.${run}`
}

/** The reviewer of `head`, whose own count `run` is: what another head was said to be says nothing of it. */
export function reviewKey(task: TaskId, head: Oid, run: number): ProcessKey {
  return `review-${slugOf(task)}.${head.slice(0, 12)}.${run}`
}

/** What a key says of its process. */
export type ToldByKey = { readonly slug: string } & (
  | { readonly of: 'turn'; readonly attempt: number; readonly turn: number }
  | { readonly of: 'checks' | 'review'; readonly run: number }
)

/** Null: no key of ours. */
export function toldBy(key: ProcessKey): ToldByKey | null {
  const turn = /^turn-([a-z0-9-]+)\.(\d+)\.(\d+)$/.exec(key)
  if (turn !== null) return { of: 'turn', slug: turn[1] ?? '', attempt: Number(turn[2]), turn: Number(turn[3]) }
  const checks = /^check-([a-z0-9-]+)\.[^.]+\.[^.]+\.(\d+)(?:\.target|\.again)?$/.exec(key)
  if (checks !== null) return { of: 'checks', slug: checks[1] ?? '', run: Number(checks[2]) }
  const review = /^review-([a-z0-9-]+)\.[^.]+\.(\d+)$/.exec(key)
  return review === null ? null : { of: 'review', slug: review[1] ?? '', run: Number(review[2]) }
}

/** The same commands on what the candidate was built on, run only to tell whose fault it is that they are red on `tree`. */
export function targetCheckKey(task: TaskId, tree: Oid, commands: readonly string[], run: number): ProcessKey {
  return `${checkKey(task, tree, commands, run)}.target`
}

/** The same commands on the same tree once more, to tell a change that is red from checks that are red now and then. */
export function secondCheckKey(task: TaskId, tree: Oid, commands: readonly string[], run: number): ProcessKey {
  return `${checkKey(task, tree, commands, run)}.again`
}
