import type { Simulation } from '@orch/core/testing'
import { plain } from './plain.ts'
import { count } from './status.ts'
import { displayWidth, padEnd } from './width.ts'

/** What a simulated run came to: a line for each process of an agent, and what a person would have to look at. */
export function simulationText({ timeline, makespan, utilisation, ...more }: Simulation, maxAgents: number): string {
  const landedAt = new Map(more.landings.map(({ task, at }) => [task, at]))
  const last = new Map(timeline.map((turn) => [turn.task, turn]))
  const width = Math.max(0, ...timeline.map(({ task }) => displayWidth(plain(task))))
  const lines = timeline.map((turn) => {
    const { task, attempt, turn: number, start, end, ended } = turn
    const landed =
      last.get(task) === turn && landedAt.has(task) ? `, landed at ${minutes(landedAt.get(task) ?? 0)}` : ''
    const time = `${minutes(start)}–${minutes(end)} min`
    return `  ${padEnd(plain(task), width)}  ${attempt}.${number}  ${padEnd(time, 13)}  ${ended}${landed}`
  })
  const share = Math.round(utilisation * 100)
  return [
    `${minutes(makespan)} min with ${count(maxAgents, 'agent')}, at work ${share} % of the time`,
    ...lines,
    ...more.conflicts.map(({ task, at, files }) => `${plain(task)} conflicts at ${minutes(at)} min in ${plain(files)}`),
    ...more.stuck.map(({ task, reason }) => `${plain(task)} is stuck: ${plain(reason)}`),
  ].join('\n')
}

function minutes(exact: number): string {
  return String(Math.round(exact * 10) / 10)
}
