import type { Instance } from './instance.ts'

/** A key for each task; the lowest goes first. */
export type PriorityRule = (instance: Instance) => Float64Array

/** LST: the latest start first. */
export const latestStart: PriorityRule = ({ tail }) => tail.map((minutes) => -minutes)

/** LFT: the latest finish first. */
export const latestFinish: PriorityRule = ({ minutes, tail }) => tail.map((chain, task) => (minutes[task] ?? 0) - chain)

/** GRPW: the greatest rank positional weight first, a task's minutes and those of what waits for it. */
export const rankWeight: PriorityRule = ({ size, minutes, after }) => {
  const out = new Float64Array(size)
  for (let task = 0; task < size; task++) {
    let weight = minutes[task] ?? 0
    for (let edge = after.at[task] ?? 0; edge < (after.at[task + 1] ?? 0); edge++) {
      weight += minutes[after.items[edge] ?? 0] ?? 0
    }
    out[task] = -weight
  }
  return out
}

/** MTS: the most total successors first. Takes space for the square of the size. */
export const mostSuccessors: PriorityRule = ({ size, after, order }) => {
  const words = (size + 31) >> 5
  const behind = new Int32Array(words * size)
  const out = new Float64Array(size)
  for (let next = size - 1; next >= 0; next--) {
    const task = order[next] ?? 0
    const own = task * words
    for (let edge = after.at[task] ?? 0; edge < (after.at[task + 1] ?? 0); edge++) {
      const follower = after.items[edge] ?? 0
      for (let word = 0; word < words; word++) {
        behind[own + word] = (behind[own + word] ?? 0) | (behind[follower * words + word] ?? 0)
      }
      const bit = own + (follower >> 5)
      behind[bit] = (behind[bit] ?? 0) | (1 << (follower & 31))
    }
    let count = 0
    for (let word = own; word < own + words; word++) {
      for (let bits = behind[word] ?? 0; bits !== 0; bits &= bits - 1) count++
    }
    out[task] = -count
  }
  return out
}

/** The longest chain, each task weighed by the part of the scarcest thing that it takes: what is contended goes early. */
export const contention: PriorityRule = (instance) => {
  const { size, minutes, tail, demands, units, capacities, classes, excludes } = instance
  const byResource = new Float64Array(capacities.length)
  const byClass = new Float64Array(excludes.at.length - 1)
  for (let task = 0; task < size; task++) {
    const length = minutes[task] ?? 0
    for (let at = demands.at[task] ?? 0; at < (demands.at[task + 1] ?? 0); at++) {
      const resource = demands.items[at] ?? 0
      byResource[resource] = (byResource[resource] ?? 0) + (length * (units[at] ?? 0)) / (capacities[resource] ?? 1)
    }
    const own = classes[task] ?? -1
    if (own >= 0) byClass[own] = (byClass[own] ?? 0) + length
  }
  const out = new Float64Array(size)
  for (let task = 0; task < size; task++) {
    let load = 0
    for (let at = demands.at[task] ?? 0; at < (demands.at[task + 1] ?? 0); at++) {
      load = Math.max(load, byResource[demands.items[at] ?? 0] ?? 0)
    }
    const own = classes[task] ?? -1
    if (own >= 0) {
      let rivals = 0
      for (let at = excludes.at[own] ?? 0; at < (excludes.at[own + 1] ?? 0); at++) {
        rivals += byClass[excludes.items[at] ?? 0] ?? 0
      }
      load = Math.max(load, rivals)
    }
    out[task] = -load - (tail[task] ?? 0)
  }
  return out
}
