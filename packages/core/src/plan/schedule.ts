import type { Graph } from './graph.ts'
import { isClosed } from './graph.ts'
import { Heap } from './heap.ts'
import type { Wait } from './plan.ts'
import { byText, Occupied, type Rules, ranks } from './rules.ts'

/** Where a task lies in simulated time, and what it waited for. */
export interface Slot {
  readonly index: number
  readonly start: number
  readonly end: number
  /** The one that binds first. */
  readonly waits: readonly Wait[]
}

interface Block {
  readonly wait: Wait
  /** When it let go. */
  until: number
}

/**
 * Plays the run through: at each moment in which something ends, whatever `ready` would start is started. Answers the slots in the order
 * of start; tasks that can never start are missing.
 */
export function schedule(graph: Graph, rules: Rules): readonly Slot[] {
  return new Schedule(graph, rules).play()
}

class Schedule {
  readonly #graph: Graph
  readonly #rules: Rules
  readonly #occupied: Occupied
  readonly #unmet: number[]
  readonly #blocks: Block[][]
  readonly #start: Float64Array
  readonly #end: Float64Array
  /** Those that are free to start, by who goes first: with an agent, and without. */
  readonly #seated: Heap
  readonly #seatless: Heap
  readonly #ends: Heap
  /** Who waits for the scope of a task in flight. */
  readonly #parked = new Map<number, number[]>()
  readonly #placed: number[] = []
  readonly #rank: Uint32Array
  /** Which round of starting a task was placed in: something that takes no time starts and ends between two rounds of one minute. */
  readonly #round: number[] = []
  #rounds = 0
  #seats: number
  #now = 0
  /** The last one that gave its seat back. */
  #freed: number | null = null

  constructor(graph: Graph, rules: Rules) {
    const { length } = graph.tasks
    const rank = ranks(graph, rules)
    const byRank = (a: number, b: number) => (rank[a] ?? 0) - (rank[b] ?? 0)
    this.#graph = graph
    this.#rules = rules
    this.#rank = rank
    this.#occupied = new Occupied(rules)
    this.#unmet = graph.edges.map((edges) => new Set(edges.map((edge) => edge.on)).size)
    this.#blocks = graph.tasks.map(() => [])
    this.#start = new Float64Array(length).fill(-1)
    this.#end = new Float64Array(length).fill(-1)
    this.#seated = new Heap(byRank)
    this.#seatless = new Heap(byRank)
    this.#ends = new Heap((a, b) => (this.#end[a] ?? 0) - (this.#end[b] ?? 0) || byRank(a, b))
    this.#seats = rules.maxAgents
  }

  play(): readonly Slot[] {
    const { tasks, standing } = this.#graph
    for (const [index] of tasks.entries()) {
      const stands = standing[index]
      if (stands === 'running' || stands === 'holding') this.#place(index, stands === 'running')
      else if (!isClosed(stands) && this.#unmet[index] === 0) this.#offer(index)
    }
    this.#startAll()
    for (let next = this.#ends.first; next !== undefined; next = this.#ends.first) {
      this.#now = this.#end[next] ?? 0
      for (let one = this.#ends.first; one !== undefined && this.#end[one] === this.#now; one = this.#ends.first) {
        this.#ends.pop()
        this.#release(one)
      }
      this.#startAll()
    }
    return this.#slots()
  }

  #offer(index: number): void {
    const task = this.#graph.tasks[index]
    if (task === undefined) return
    const heap = this.#rules.seat(task) ? this.#seated : this.#seatless
    heap.push(index)
  }

  #startAll(): void {
    this.#rounds++
    for (;;) {
      const seated = this.#seats > 0 ? this.#seated.first : undefined
      const seatless = this.#seatless.first
      const first =
        seated !== undefined && (seatless === undefined || (this.#rank[seated] ?? 0) < (this.#rank[seatless] ?? 0))
          ? this.#seated.pop()
          : this.#seatless.pop()
      const task = first === undefined ? undefined : this.#graph.tasks[first]
      if (first === undefined || task === undefined) return
      const against = this.#occupied.against(task)
      const other = against === null ? undefined : this.#graph.tasks[against.index]
      if (against === null || other === undefined) {
        this.#place(first, true)
        continue
      }
      const wait: Wait = { for: 'overlap', task: other.id, path: against.path }
      // Only the latest is worth telling.
      this.#blocks[first] = [{ wait, until: this.#end[against.index] ?? 0 }]
      const parked = this.#parked.get(against.index)
      if (parked === undefined) this.#parked.set(against.index, [first])
      else parked.push(first)
    }
  }

  #place(index: number, works: boolean): void {
    const task = this.#graph.tasks[index]
    if (task === undefined) return
    const seat = works && this.#rules.seat(task)
    const waited = Math.max(0, ...(this.#blocks[index] ?? []).map((block) => block.until))
    if (seat && this.#now > waited && this.#now > this.#offered(index)) {
      const freed = this.#freed === null ? null : (this.#graph.tasks[this.#freed]?.id ?? null)
      const wait: Wait = { for: 'agents', limit: this.#rules.maxAgents, task: freed }
      this.#blocks[index]?.push({ wait, until: this.#now })
    }
    this.#start[index] = this.#now
    this.#end[index] = this.#now + (works ? this.#rules.minutes(task) : 0)
    if (seat) this.#seats--
    this.#occupied.add(index, task, works)
    this.#ends.push(index)
    this.#placed.push(index)
    this.#round[index] = this.#rounds
  }

  /** When everything that it waits for by its own fields was done. */
  #offered(index: number): number {
    let latest = 0
    for (const { on } of this.#graph.edges[index] ?? []) if (on !== null) latest = Math.max(latest, this.#end[on] ?? 0)
    return latest
  }

  #release(index: number): void {
    const task = this.#graph.tasks[index]
    if (task === undefined) return
    this.#occupied.remove(index)
    if (this.#graph.standing[index] !== 'holding' && this.#rules.seat(task)) {
      this.#seats++
      this.#freed = index
    }
    for (const follower of this.#graph.followers[index] ?? []) {
      const unmet = (this.#unmet[follower] ?? 0) - 1
      this.#unmet[follower] = unmet
      if (unmet === 0 && this.#start[follower] === -1) this.#offer(follower)
    }
    for (const parked of this.#parked.get(index) ?? []) this.#offer(parked)
    this.#parked.delete(index)
  }

  #slots(): readonly Slot[] {
    const { edges, tasks, standing } = this.#graph
    const order = [...this.#placed].sort((a, b) => {
      const [one, other] = [tasks[a], tasks[b]]
      const byTime = (this.#start[a] ?? 0) - (this.#start[b] ?? 0) || (this.#round[a] ?? 0) - (this.#round[b] ?? 0)
      return byTime || (one?.priority ?? 0) - (other?.priority ?? 0) || byText(one?.id ?? '', other?.id ?? '')
    })
    return order.map((index) => {
      const task = tasks[index]
      const own = (edges[index] ?? []).map(({ wait, on }) => ({ wait, until: on === null ? 0 : (this.#end[on] ?? 0) }))
      const blocks = [...own, ...(this.#blocks[index] ?? [])].sort((a, b) => b.until - a.until)
      const waits = blocks.map((block) => block.wait)
      const begun = standing[index] === 'running' || standing[index] === 'holding'
      if (task?.kind === 'manual' && !begun) waits.push({ for: 'person' })
      if (task?.hold && !begun) waits.push({ for: 'hold' })
      return { index, start: this.#start[index] ?? 0, end: this.#end[index] ?? 0, waits: begun ? [] : waits }
    })
  }
}
