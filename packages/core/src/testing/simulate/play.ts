import { OrchError } from '../../model/error.ts'
import type { NewTask } from '../../model/task.ts'
import type { Coverage } from './coverage.ts'
import { Dice } from './dice.ts'
import { mend, putAway, putBack, showAgain } from './mending.ts'
import { peopleAct } from './people.ts'
import type { SimulatedProcess } from './process.ts'
import { type Setting, settingOf, streams } from './setting.ts'
import { epics } from './tasks.ts'
import { SimulatedWorld, type Violation } from './world.ts'

export interface PlayOptions {
  /** Played instead of the seed's own. */
  readonly tasks?: readonly NewTask[]
  /** Mishaps that are left out, by their place. */
  readonly without?: ReadonlySet<number>
  /** Whether to say what happens. Default false. */
  readonly traced?: boolean
}

/** What came of a seed. */
export interface Played {
  readonly setting: Setting
  readonly steps: number
  /** The first invariant that was broken; null: none was. */
  readonly violation: Violation | null
  /** Empty unless it was traced. */
  readonly trace: readonly string[]
  /** Everything that went wrong by the seed's will, by name. */
  readonly mishaps: ReadonlyMap<string, number>
  /** The places of it, for a run without some. */
  readonly places: readonly number[]
  readonly coverage: Coverage
}

/** Monotonic milliseconds in which every run has to come to its end, once nothing goes wrong any more. */
const calmMs = 3_600_000
const calmSteps = 60_000

/** After these a call takes place later than its caller may believe. */
const late = ['pause', 'timeout-done-later'] as const

/** How often somebody starts another orchestrator where one is missing. */
const birthRate = 0.05

/** Plays one seed from its storm through the calm after it to the end. The same seed gives the same run. */
export async function playSeed(seed: number, options: PlayOptions = {}): Promise<Played> {
  const setting = settingOf(seed, options.tasks)
  const world = new SimulatedWorld(setting, options)
  await new Play(world).through()
  const { scheduler, violation, trace, mishaps, coverage } = world
  const { reached, places } = mishaps
  return { setting, steps: scheduler.steps, violation, trace: trace.lines, mishaps: reached, places, coverage }
}

class Play {
  readonly #world: SimulatedWorld
  readonly #dice: Dice
  readonly #running = new Map<SimulatedProcess, Promise<void>>()
  #born = 0
  /** Who may have left tasks to somebody else: the dead, and those that ran one epic only. */
  #leavers = 0

  constructor(world: SimulatedWorld) {
    this.#world = world
    this.#dice = new Dice(world.setting.seed, streams.setting + 10)
  }

  async through(): Promise<void> {
    await this.#storm()
    if (this.#fails()) return
    await this.#calm()
    if (this.#fails()) return
    await this.#told()
    if (!this.#fails()) await this.#closesAll()
  }

  #fails(): boolean {
    return this.#world.violation !== null
  }

  async #storm(): Promise<void> {
    const { setting, scheduler, clock } = this.#world
    void peopleAct(this.#world)
    while (clock.elapsed() < setting.stormMs && !this.#fails()) {
      this.#bury()
      if (this.#running.size < setting.orchestrators && this.#dice.chance(birthRate)) this.#start({ isMortal: true })
      await scheduler.step()
    }
  }

  /** No more people and no more faults: what runs ends by itself. */
  async #calm(): Promise<void> {
    const { mishaps, hidden, away, vcs, mirror, underWay } = this.#world
    mishaps.off = true
    putAway(this.#world)
    mend(this.#world)
    const { signal } = new AbortController()
    await this.#world.queue.pause({ paused: false, signal })
    mirror.paused = false
    for (const key of [...hidden]) showAgain(this.#world, key)
    for (const target of [...away.keys()]) putBack(this.#world, target)
    for (const directory of vcs.folders().keys()) if (!directory.includes('/.aside/')) vcs.occupy(directory, false)
    if (mirror.tasks.size === 0) return
    // Who was to die when the storm ended may do so after the last one has left, and who runs one epic leaves the others: to somebody.
    for (let seen = -1; seen !== this.#leavers && !this.#fails(); ) {
      seen = this.#leavers
      this.#start({ isMortal: false })
      await this.#until(() => this.#running.size === 0 && this.#world.asking.size === 0, 'the runs did not end')
      if (underWay.size === 0) continue
      // What takes place when the last one has left is for the next.
      await this.#until(() => underWay.size === 0, 'a call was under way for ever')
      this.#leavers++
    }
  }

  #start({ isMortal }: { readonly isMortal: boolean }): void {
    const { setting } = this.#world
    const process = this.#world.process(`orch-${++this.#born}`)
    const orch = this.#world.orchestrator(process, isMortal ? setting.faultRate : 0)
    const options = isMortal && this.#dice.chance(0.2) ? { epic: this.#dice.pick(epics) } : {}
    this.#world.trace.say(process.name, () => `starts${options.epic === undefined ? '' : ` for epic ${options.epic}`}`)
    const ending = orch.run(options).then(
      () => undefined,
      (error: unknown) => {
        // Its very last look, for the result, may meet an outage.
        if (!OrchError.is(error) || !error.retryable) this.#world.violate(8, `a run failed: ${String(error)}`)
      },
    )
    this.#running.set(
      process,
      ending.then(() => {
        this.#world.trace.say(process.name, () => 'has ended')
        process.exit()
        if (this.#running.delete(process) && options.epic !== undefined) this.#leavers++
      }),
    )
  }

  /** On this machine somebody's death is proved at once, on another its beat only stands still. */
  #bury(): void {
    for (const process of this.#running.keys()) {
      if (!process.dead) continue
      this.#running.delete(process)
      this.#leavers++
      process.exit()
      if (!this.#dice.chance(0.5)) continue
      this.#world.mirror.leases.delete(process.name)
      void this.#world.queue.beat({ owner: process.name, leaseMs: 0, signal: new AbortController().signal })
    }
  }

  async #until(over: () => boolean, otherwise: string): Promise<void> {
    const { scheduler, clock } = this.#world
    const [time, steps] = [clock.elapsed() + calmMs, scheduler.steps + calmSteps]
    while (!over() && !this.#fails()) {
      this.#bury()
      const goesOn = await scheduler.step()
      const late = clock.elapsed() > time || scheduler.steps > steps
      if (over() || (goesOn && !late)) continue
      const how = goesOn ? otherwise : `${otherwise}: nothing would ever wake them`
      this.#world.violate(8, how)
    }
  }

  /** When every run has ended, each task is closed, or says what it waits for. */
  async #told(): Promise<void> {
    for (const checker of this.#world.checkers) checker.atRest?.()
    const report = await this.#answered(this.#world.orchestrator(this.#world.process('reader'), 0).status())
    for (const row of report?.tasks ?? []) {
      if (row.phase === 'closed' || row.stuckReason !== null || row.waits !== null) continue
      this.#world.violate(8, `${row.id} is ${row.status} (${row.phase}), and every run has ended`)
    }
  }

  /** What a person cancels ends, whatever state the seed has left it in. */
  async #closesAll(): Promise<void> {
    const { mirror, checkers, mishaps } = this.#world
    const orch = this.#world.orchestrator(this.#world.process('last'), 0)
    // Only what its source lists can be asked for.
    for (const id of [...mirror.deleted.keys()]) this.#world.putBack(id)
    await this.#answered(
      (async () => {
        // What was asked long ago of a task that had left its source is done first, and may open it again.
        for (let round = 0; round < 2; round++) {
          for (const id of mirror.tasks.keys()) await orch.cancel(id).catch(() => undefined)
          await orch.run()
        }
        // What took place when its task was put away already has left something that no record tells of.
        if (late.some((fault) => mishaps.reached.has(fault))) await orch.doctor({ fix: true })
      })(),
    )
    for (const checker of checkers) {
      checker.atRest?.()
      checker.atEnd?.()
    }
  }

  async #answered<T>(question: Promise<T>): Promise<T | null> {
    let over = false
    let answer: T | null = null
    question.then(
      (found) => {
        over = true
        answer = found
      },
      (error: unknown) => this.#world.violate(8, `what was asked at the end failed: ${String(error)}`),
    )
    await this.#until(() => over, 'what was asked at the end was never answered')
    return answer
  }
}
