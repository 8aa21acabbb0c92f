import { nearest } from '../model/nearest.ts'
import type { TaskId } from '../model/task.ts'
import { explain, sayWait } from '../plan/explain.ts'
import type { Plan, PlannedTask, Wait } from '../plan/plan.ts'

/** What a test expects of a plan. Each failure is an `Error` that says what is so instead, and shows the plan. Needs no test framework. */
export interface PlanExpectation {
  /** The task that the sentence goes on about. */
  runs(id: TaskId): TaskExpectation
  /** Everything has landed after so many minutes. */
  takesAtMost(minutes: number): PlanExpectation
}

/** `runs('a').beside('b').and.before('c')`: all of it is about `a`, until the next `runs`. */
export interface TaskExpectation {
  /** Nothing holds it up. */
  atOnce(): TaskExpectation
  /** For some time both run. */
  beside(...others: readonly TaskId[]): TaskExpectation
  /** At no time both run. */
  notBeside(other: TaskId, options?: BecauseOptions): TaskExpectation
  /** It has ended when each of the others starts. */
  before(...others: readonly TaskId[]): TaskExpectation
  /** It starts when the other one has ended. */
  after(other: TaskId, options?: BecauseOptions): TaskExpectation
  readonly and: TaskExpectation
  runs(id: TaskId): TaskExpectation
}

export interface BecauseOptions {
  /** A part of what the later of the two says about waiting for the other one, as `explain` or `orch plan` put it: `both write src/auth/`. */
  readonly because?: string | RegExp
}

/** Tasks that a message shows. */
const mostShown = 20

/** `expectPlan(plan).runs('button').beside('docs').and.notBeside('label', { because: 'both write src/Button.tsx' })` */
export function expectPlan(plan: Plan): PlanExpectation {
  return {
    runs: (id) => new Subject(plan, id, expectPlan),
    takesAtMost(minutes) {
      if (plan.makespan > minutes) {
        const path = plan.criticalPath.length === 0 ? '' : `: ${plan.criticalPath.slice(0, mostShown).join(' → ')}`
        fail(
          plan,
          `expected the plan to take at most ${minutes} minutes, but it takes ${plan.makespan}${path}`,
          plan.criticalPath,
          this.takesAtMost,
        )
      }
      return this
    },
  }
}

class Subject implements TaskExpectation {
  readonly #plan: Plan
  readonly #task: PlannedTask

  constructor(plan: Plan, id: TaskId, caller: unknown) {
    this.#plan = plan
    this.#task = taskOf(plan, id, caller)
  }

  get and(): TaskExpectation {
    return this
  }

  runs(id: TaskId): TaskExpectation {
    return new Subject(this.#plan, id, this.runs)
  }

  atOnce(): TaskExpectation {
    const { id, start } = this.#started(this.atOnce)
    if (start === 0) return this
    return fail(this.#plan, `expected ${id} to run at once, but ${explain(this.#plan, id)}`, [id], this.atOnce)
  }

  beside(...others: readonly TaskId[]): TaskExpectation {
    const task = this.#started(this.beside)
    for (const other of others.map((id) => this.#other(id, this.beside))) {
      if (areBeside(task, other)) continue
      const later = laterOf(task, other)
      const why =
        later.waits.length === 0 ? `${later.id} starts when the other one has ended` : explain(this.#plan, later.id)
      fail(this.#plan, `expected ${task.id} to run beside ${other.id}, but ${why}`, [task.id, other.id], this.beside)
    }
    return this
  }

  notBeside(id: TaskId, options: BecauseOptions = {}): TaskExpectation {
    const task = this.#started(this.notBeside)
    const other = this.#other(id, this.notBeside)
    if (areBeside(task, other)) {
      const both = `both run from minute ${Math.max(task.start, other.start)} to ${Math.min(task.end, other.end)}`
      fail(this.#plan, `expected ${task.id} not to run beside ${id}, but ${both}`, [task.id, id], this.notBeside)
    }
    this.#reason(`${task.id} not to run beside ${id}`, task, other, options, this.notBeside)
    return this
  }

  before(...others: readonly TaskId[]): TaskExpectation {
    const task = this.#started(this.before)
    for (const other of others.map((id) => this.#other(id, this.before))) {
      this.#order(`${task.id} to run before ${other.id}`, task, other, this.before)
    }
    return this
  }

  after(id: TaskId, options: BecauseOptions = {}): TaskExpectation {
    const task = this.#started(this.after)
    const other = this.#other(id, this.after)
    this.#order(`${task.id} to run after ${id}`, other, task, this.after)
    this.#reason(`${task.id} to run after ${id}`, task, other, options, this.after)
    return this
  }

  #order(expected: string, first: PlannedTask, second: PlannedTask, caller: unknown): void {
    if (first.end <= second.start && first.start <= second.start) return
    const so = `${second.id} starts in minute ${second.start} and ${first.id} ends in minute ${first.end}`
    fail(this.#plan, `expected ${expected}, but ${so}`, [first.id, second.id], caller)
  }

  #reason(expected: string, task: PlannedTask, other: PlannedTask, { because }: BecauseOptions, caller: unknown): void {
    if (because === undefined) return
    const texts = [...textsOf(this.#plan, task, other.id), ...textsOf(this.#plan, other, task.id)]
    if (texts.some((text) => (typeof because === 'string' ? text.includes(because) : because.test(text)))) return
    const [said] = texts
    const why = said ?? `neither waits for the other one: ${explain(this.#plan, laterOf(task, other).id)}`
    const reason = typeof because === 'string' ? `“${because}”` : `${because}`
    fail(this.#plan, `expected ${expected} because ${reason}, but ${why}`, [task.id, other.id], caller)
  }

  #started(caller: unknown): PlannedTask {
    return started(this.#plan, this.#task, caller)
  }

  #other(id: TaskId, caller: unknown): PlannedTask {
    const other = taskOf(this.#plan, id, caller)
    if (other !== this.#task) return started(this.#plan, other, caller)
    return fail(
      this.#plan,
      `expected something of ${id} and another task, but it is compared with itself`,
      [id],
      caller,
    )
  }
}

function taskOf(plan: Plan, id: TaskId, caller: unknown): PlannedTask {
  const ids = plan.tasks.map((task) => task.id)
  const found = plan.tasks.find((task) => task.id === id)
  if (found !== undefined) return found
  const near = nearest(id, ids)
  return fail(plan, `${id} is not part of the plan${near === null ? '' : `; did you mean ${near}?`}`, [], caller)
}

/** Throws when it never starts: then it runs neither beside nor before anything. */
function started(plan: Plan, task: PlannedTask, caller: unknown): PlannedTask {
  const lost = task.batch === ''
  return lost ? fail(plan, `${task.id} never starts: ${explain(plan, task.id)}`, [task.id], caller) : task
}

function areBeside(a: PlannedTask, b: PlannedTask): boolean {
  return a.start < b.end && b.start < a.end
}

function laterOf(a: PlannedTask, b: PlannedTask): PlannedTask {
  return b.start >= a.start ? b : a
}

/** What `task` says about waiting for `other`, in every way that it is said. */
function textsOf(plan: Plan, task: PlannedTask, other: TaskId): string[] {
  const says = (wait: Wait): string[] => {
    return [explain({ ...plan, tasks: [{ ...task, waits: [wait] }] }, task.id), `${task.id} ${sayWait(wait)}`]
  }
  return task.waits.filter((wait) => 'task' in wait && wait.task === other).flatMap(says)
}

/** @param caller the function that the test called: the error points to where that was */
function fail(plan: Plan, message: string, concerned: readonly TaskId[], caller: unknown): never {
  const error = new Error(`${message}\n\n${picture(plan, new Set(concerned))}`)
  if (typeof caller === 'function') Error.captureStackTrace?.(error, caller as () => void)
  throw error
}

/** The plan as a list, those that the message is about marked. */
function picture(plan: Plan, concerned: ReadonlySet<TaskId>): string {
  if (plan.tasks.length === 0) return 'the plan has no tasks'
  const others = Math.max(0, mostShown - concerned.size)
  const rest = new Set(
    plan.tasks
      .filter(({ id }) => !concerned.has(id))
      .slice(0, others)
      .map(({ id }) => id),
  )
  const shown = plan.tasks.filter(({ id }) => concerned.has(id) || rest.has(id)).slice(0, 2 * mostShown)
  const rows = shown.map(({ id, start, end, batch, waits: [wait] }) => {
    const time = batch === '' ? 'never' : `${start}–${end}`
    return { id: `${concerned.has(id) ? '>' : ' '} ${id}`, time, wait: wait === undefined ? '' : sayWait(wait) }
  })
  const wide = Math.max(...rows.map((row) => row.id.length))
  const long = Math.max(...rows.map((row) => row.time.length))
  const lines = rows.map((row) => `${row.id.padEnd(wide)}  ${row.time.padStart(long)}  ${row.wait}`.trimEnd())
  const more = plan.tasks.length - shown.length
  return ['the plan, in minutes:', ...lines, ...(more > 0 ? [`  … and ${more} more`] : [])].join('\n')
}
