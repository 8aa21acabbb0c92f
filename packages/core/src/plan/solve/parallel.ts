import type { Instance } from './instance.ts'
import { Lanes } from './lanes.ts'
import { pop, push } from './queue.ts'
import { EqualReady, MixedReady, type Ready } from './ready.ts'

/**
 * The parallel schedule generation scheme (Kolisch 1996): goes from one end of a task to the next and starts whatever fits, in the
 * given order. Nothing waits that could start.
 *
 * What cannot start is parked: a kind with the first resource that has too little left, a lane with the first running class that it
 * excludes. It is looked at again only when that is set free.
 */
export class ParallelScheme {
  readonly #instance: Instance
  readonly #unmet: Int32Array
  readonly #end: Float64Array
  /** Tasks that run, by end. */
  readonly #ends: number[] = []
  readonly #free: Float64Array
  readonly #lanes: Lanes
  /** Places in `#list` of the tasks of each kind that may start. */
  readonly #ready: readonly Ready[]
  readonly #hasMixed: boolean
  /** A kind is looked at in this moment or parked: somebody else sees to it. */
  readonly #busy: Uint8Array
  /** How much a parked kind needs of the resource that it is parked with. */
  readonly #need: Float64Array
  /** Kinds parked with each resource, by need. */
  readonly #parkedKinds: number[][]
  /** Kinds to be looked at in this moment: those whose tasks take no time, and the others. */
  readonly #instants: number[] = []
  readonly #woken: number[] = []
  /** Kinds whose tasks demand different units: no one amount says when one of them fits, so they are looked at in every moment. */
  readonly #restless: number[] = []
  readonly #open: number[] = []
  readonly #heads: Float64Array
  /** The tasks by who goes first, and the place of each. */
  #list: Int32Array = new Int32Array()
  readonly #position: Int32Array
  #start: Float64Array = new Float64Array()

  constructor(instance: Instance) {
    const { size, capacities, kinds, samples, mixed } = instance
    this.#instance = instance
    this.#unmet = new Int32Array(size)
    this.#position = new Int32Array(size)
    this.#end = new Float64Array(size)
    this.#free = new Float64Array(capacities.length)
    this.#lanes = new Lanes(instance)
    const members = new Int32Array(samples.length)
    for (const kind of kinds) members[kind] = (members[kind] ?? 0) + 1
    this.#ready = Array.from(samples, (sample, kind) =>
      mixed[kind] === 1 ? new MixedReady(instance, sample, members[kind] ?? 0) : new EqualReady(instance, sample),
    )
    this.#hasMixed = mixed.includes(1)
    this.#busy = new Uint8Array(samples.length)
    this.#need = new Float64Array(samples.length)
    this.#heads = new Float64Array(samples.length)
    this.#parkedKinds = Array.from(capacities, () => [])
  }

  /**
   * Fills in `start` and answers the makespan.
   *
   * @param list who goes first
   */
  schedule(list: Int32Array, start: Float64Array): number {
    const { size, minutes, before, begun, isBegun, reversed, capacities, kinds } = this.#instance
    this.#list = list
    for (let at = 0; at < size; at++) this.#position[list[at] ?? 0] = at
    if (this.#hasMixed) for (let at = 0; at < size; at++) this.#readyOf(kinds[list[at] ?? 0] ?? 0).expect(at)
    this.#start = start
    this.#free.set(capacities)
    for (let task = 0; task < size; task++) this.#unmet[task] = (before.at[task + 1] ?? 0) - (before.at[task] ?? 0)
    // Backward the begun tasks are like all others: what counts is the order that comes of it.
    if (!reversed) for (const task of begun) this.#run(task, 0)
    for (let task = 0; task < size; task++) {
      if (this.#unmet[task] === 0 && (reversed || isBegun[task] === 0)) this.#offer(task)
    }
    let now = 0
    for (;;) {
      for (let task = this.#ends[0]; task !== undefined && (this.#end[task] ?? 0) <= now; task = this.#ends[0]) {
        pop(this.#ends, this.#end)
        this.#release(task)
      }
      for (let kind = this.#restless.pop(); kind !== undefined; kind = this.#restless.pop()) this.#wake(kind)
      this.#passInstants(now)
      this.#startAll(now)
      const next = this.#ends[0]
      if (next === undefined) break
      now = this.#end[next] ?? 0
    }
    let makespan = 0
    for (let task = 0; task < size; task++) makespan = Math.max(makespan, (start[task] ?? 0) + (minutes[task] ?? 0))
    return makespan
  }

  #offer(task: number): void {
    const { kinds, lanes } = this.#instance
    const lane = lanes[task] ?? -1
    if (lane >= 0 && this.#lanes.isParked(lane)) this.#lanes.add(lane, this.#position[task] ?? 0)
    else this.#enqueue(task, kinds[task] ?? 0)
  }

  #enqueue(task: number, kind: number): void {
    this.#readyOf(kind).push(this.#position[task] ?? 0, task)
    // What has come to it may fit where the others did not.
    const at = this.#instance.mixed[kind] === 1 ? this.#restless.indexOf(kind) : -1
    if (at >= 0) this.#restless.splice(at, 1)
    if (at >= 0 || this.#busy[kind] === 0) this.#wake(kind)
  }

  #wake(kind: number): void {
    const { minutes, samples } = this.#instance
    this.#busy[kind] = 1
    if (minutes[samples[kind] ?? 0] === 0) this.#instants.push(kind)
    else this.#woken.push(kind)
  }

  /** Tasks without minutes go first in each moment: they take nothing from anybody, but must find a moment in which they are let. */
  #passInstants(now: number): void {
    const { lanes } = this.#instance
    for (let kind = this.#instants.pop(); kind !== undefined; kind = this.#instants.pop()) {
      const ready = this.#readyOf(kind)
      for (let at = ready.first(this.#free); at >= 0; at = ready.first(this.#free)) {
        const task = this.#list[at] ?? 0
        ready.remove(at)
        const lane = lanes[task] ?? -1
        if (lane >= 0 && this.#lanes.parks(lane, at)) continue
        this.#start[task] = now
        this.#follow(task)
        if (lane >= 0) this.#refill(lane)
      }
      this.#park(kind, ready)
    }
  }

  #startAll(now: number): void {
    const { lanes } = this.#instance
    const open = this.#open
    for (let kind = this.#woken.pop(); kind !== undefined; kind = this.#woken.pop()) this.#reopen(kind)
    for (let kind = pop(open, this.#heads); kind >= 0; kind = pop(open, this.#heads)) {
      const ready = this.#readyOf(kind)
      const at = ready.first(this.#free)
      // What was started meanwhile may have left nothing for the one that the kind was opened for.
      if (at === this.#heads[kind]) {
        ready.remove(at)
        const task = this.#list[at] ?? 0
        const lane = lanes[task] ?? -1
        if (lane < 0 || !this.#lanes.parks(lane, at)) {
          this.#run(task, now)
          if (lane >= 0) this.#refill(lane)
        }
      }
      this.#reopen(kind)
    }
  }

  #reopen(kind: number): void {
    const ready = this.#readyOf(kind)
    const head = ready.first(this.#free)
    if (head < 0) {
      this.#park(kind, ready)
      return
    }
    this.#heads[kind] = head
    push(this.#open, this.#heads, kind)
  }

  /** For a kind of which nothing can start now. */
  #park(kind: number, ready: Ready): void {
    if (ready.empty) {
      this.#busy[kind] = 0
      return
    }
    const { demands, units, samples, mixed } = this.#instance
    if (mixed[kind] === 1) {
      this.#restless.push(kind)
      return
    }
    let at = demands.at[samples[kind] ?? 0] ?? 0
    while ((units[at] ?? 0) <= (this.#free[demands.items[at] ?? 0] ?? 0)) at++
    this.#need[kind] = units[at] ?? 0
    push(this.#parkedKinds[demands.items[at] ?? 0] ?? [], this.#need, kind)
  }

  #readyOf(kind: number): Ready {
    const found = this.#ready[kind]
    if (found === undefined) throw new Error(`There is no kind ${kind}.`)
    return found
  }

  /** One of a lane has started, or it need not wait any more: the next one may try. */
  #refill(lane: number): void {
    const at = this.#lanes.next(lane)
    if (at < 0) return
    const task = this.#list[at] ?? 0
    this.#enqueue(task, this.#instance.kinds[task] ?? 0)
  }

  #run(task: number, now: number): void {
    const { minutes, demands, units, classes } = this.#instance
    this.#start[task] = now
    this.#end[task] = now + (minutes[task] ?? 0)
    push(this.#ends, this.#end, task)
    for (let at = demands.at[task] ?? 0; at < (demands.at[task + 1] ?? 0); at++) {
      const resource = demands.items[at] ?? 0
      this.#free[resource] = (this.#free[resource] ?? 0) - (units[at] ?? 0)
    }
    const own = classes[task] ?? -1
    if (own >= 0) this.#lanes.run(own)
  }

  #release(task: number): void {
    const { demands, units, classes } = this.#instance
    for (let at = demands.at[task] ?? 0; at < (demands.at[task + 1] ?? 0); at++) {
      const resource = demands.items[at] ?? 0
      const free = (this.#free[resource] ?? 0) + (units[at] ?? 0)
      this.#free[resource] = free
      const parked = this.#parkedKinds[resource] ?? []
      for (let kind = parked[0]; kind !== undefined && (this.#need[kind] ?? 0) <= free; kind = parked[0]) {
        pop(parked, this.#need)
        this.#wake(kind)
      }
    }
    const own = classes[task] ?? -1
    if (own >= 0) {
      this.#lanes.release(own)
      for (let lane = this.#lanes.wake(own); lane >= 0; lane = this.#lanes.wake(own)) this.#refill(lane)
    }
    this.#follow(task)
  }

  #follow(task: number): void {
    const { after } = this.#instance
    for (let edge = after.at[task] ?? 0; edge < (after.at[task + 1] ?? 0); edge++) {
      const follower = after.items[edge] ?? 0
      const left = (this.#unmet[follower] ?? 0) - 1
      this.#unmet[follower] = left
      if (left === 0) this.#offer(follower)
    }
  }
}
