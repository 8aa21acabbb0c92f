import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import { uptime } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { codeOf } from '../disk/files.ts'
import { exists, type ProcessEntry, type ProcessTable } from './process-entry.ts'

interface Entry extends ProcessEntry {
  /** 0 for a session that began outside our PID namespace, as that of `docker exec`. */
  readonly session: number
  /** A thread of the kernel: it has no environment to tell. */
  readonly ofKernel: boolean
  /** Its program was loaded, without any environment. */
  readonly bare: boolean
  /** Its first thread has ended and others have not. */
  readonly headless: boolean
}

/** Linux: reads `/proc`, starts nothing. Synchronously: it is memory, and a thread's round trip costs ten times the read. */
export function procTable(): ProcessTable {
  let last: Look | undefined
  return {
    async find(pid) {
      if (!exists(pid)) return null
      const found = read(pid)
      // It exists, but /proc does not show it: hidden by its mount options, or gone this instant.
      return found ?? (exists(pid) ? 'unreadable' : null)
    },
    ageOf,
    async members(leader, marker, since) {
      if (last === undefined || last.at < since) last = new Look()
      const look = last
      const same = leader === null ? undefined : look.all.find((entry) => entry.pid === leader.pid)
      // A number stays taken while it names a session, so a stranger under our leader's number proves our session empty.
      const ours = leader !== null && (same === undefined || same.start === leader.start)
      const living: ProcessEntry[] = []
      // Grows while it is gone through.
      for (const entry of look.all) {
        if (entry.dead || entry.pid === leader?.pid || entry.pid === process.pid) continue
        if (entry.ofKernel) continue
        if (leader !== null && Number(entry.start) < Number(leader.start)) continue
        if ((ours && entry.session === leader.pid) || (await look.carries(entry, marker))) living.push(entry)
      }
      return { living, whole: look.whole }
    },
  }
}

/** The kernel counts starts in hundredths of a second since it booted, sleep included: as long as the machine has ever slept may have been since. */
function ageOf(start: string): number | null {
  const [sinceBoot, awake] = [uptime() * 1000, Number(process.hrtime.bigint() / 1_000_000n)]
  const age = sinceBoot - Number(start) * 10 - Math.max(0, sinceBoot - awake)
  return Number.isFinite(age) ? Math.max(0, Math.floor(age)) : null
}

/** Somebody who starts processes faster than we read them is not waited for. */
const roundsOfALook = 50
/** How long a process may be without a readable environment because it is just being replaced by another program, or ends. */
const betweenMs = 250

class Look {
  readonly at = performance.now()
  readonly all: Entry[] = []
  /** Nobody can have slipped through. */
  whole = false
  readonly #known = new Set<string>()
  readonly #environments = new Map<number, string>()
  /** From this start on, in the kernel's ticks, a process may end any moment: its environment is read at once. */
  readonly #young = (uptime() - 1) * 100
  #rounds = 0

  constructor() {
    this.#readNew()
  }

  async carries(entry: Entry, marker: string): Promise<boolean> {
    const environment = this.#environments.get(entry.pid) ?? (await this.#environmentOf(entry))
    this.#environments.set(entry.pid, environment)
    return environment.includes(`\0${marker}\0`)
  }

  /**
   * Until nobody ended before it was looked at: such a one may have started another after the numbers were read. Who lives hands its
   * environment on, so its own tells about its children too.
   */
  #readNew(): void {
    this.whole = false
    while (!this.whole && this.#rounds++ < roundsOfALook) {
      this.whole = true
      for (const name of readdirSync('/proc')) {
        if (!/^\d+$/.test(name) || this.#known.has(name)) continue
        this.#known.add(name)
        if (!this.#readOne(Number(name))) this.whole = false
      }
    }
  }

  /** @returns whether it lived */
  #readOne(pid: number): boolean {
    const entry = read(pid)
    if (entry === null) return false
    this.all.push(entry)
    if (entry.dead) return false
    if (Number(entry.start) < this.#young) return true
    const environment = environmentOf(entry)
    if (environment === 'refused') this.#environments.set(pid, '')
    else if (environment) this.#environments.set(pid, `\0${environment}`)
    return true
  }

  /** Empty for a process that has none, that is gone, or whose is not ours to see. */
  async #environmentOf(entry: Entry): Promise<string> {
    const deadline = performance.now() + betweenMs
    for (let pause = 1, last = entry; ; pause *= 2) {
      const environment = environmentOf(last)
      if (environment === 'refused') return ''
      if (environment) return `\0${environment}`
      const now = read(entry.pid)
      if (now === null || now.dead || now.start !== entry.start) {
        this.#readNew()
        return ''
      }
      if (now.bare || performance.now() > deadline) return ''
      last = now
      await delay(pause)
    }
  }
}

/** PF_KTHREAD of `include/linux/sched.h`. */
const kernelThread = 0x00200000

/** @returns null for a process that is gone or not ours to see */
function read(pid: number): Entry | null {
  const text = readOf(pid, 'stat')
  if (text === null || text === 'refused') return null
  // The name in parentheses may hold anything, parentheses included.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state = '', , group = '', session = ''] = fields
  const hasEnded = state === 'Z' || state === 'X'
  const headless = hasEnded && Number(fields[17]) > 1
  const [codeEnd = '0', environment = '0', environmentEnd = '0'] = [fields[24], fields[47], fields[48]]
  return {
    pid,
    group: Number(group),
    session: Number(session),
    ofKernel: (Number(fields[6]) & kernelThread) !== 0,
    start: fields[19] ?? '',
    dead: hasEnded && !headless,
    headless,
    // Between two programs, and while it ends, a process has no addresses either. While the environment is being copied its end is where it
    // begins; that of the code is set after it.
    bare: environment === environmentEnd && environment !== '0' && codeEnd !== '0',
  }
}

function environmentOf({ pid, headless }: Entry): string | 'refused' | null {
  if (!headless) return readOf(pid, 'environ')
  const threads = unlessGone(() => readdirSync(`/proc/${pid}/task`)) ?? []
  const found = Array.isArray(threads) ? threads.map((thread) => readOf(pid, `task/${thread}/environ`)) : [threads]
  return found.find((environment) => environment) ?? null
}

/** @returns null for a process that is gone; `refused` for another user's */
function readOf(pid: number, what: string): string | 'refused' | null {
  return unlessGone(() => {
    const file = openSync(`/proc/${pid}/${what}`, 'r')
    try {
      return readWhole(file)
    } finally {
      closeSync(file)
    }
  })
}

function unlessGone<T>(look: () => T): T | 'refused' | null {
  try {
    return look()
  } catch (error) {
    const code = codeOf(error) ?? ''
    if (['ENOENT', 'ESRCH'].includes(code)) return null
    if (['EACCES', 'EPERM'].includes(code)) return 'refused'
    throw error
  }
}

let page = Buffer.alloc(64 * 1024)

/** In one read, which the kernel answers whole: between two the process may have become another program, and the rest is gone. */
function readWhole(file: number): string {
  for (;;) {
    const length = readSync(file, page, 0, page.length, 0)
    if (length < page.length) return page.toString('utf8', 0, length)
    page = Buffer.alloc(page.length * 2)
  }
}
