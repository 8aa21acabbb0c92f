import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { codeOf } from '../disk/files.ts'
import { exists, type ProcessEntry, type ProcessTable } from './process-entry.ts'

interface Entry extends ProcessEntry {
  readonly session: number
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
    async members(leader, marker, since) {
      if (last === undefined || last.at < since) last = new Look()
      const look = last
      const same = leader === null ? undefined : look.all.find((entry) => entry.pid === leader.pid)
      // A number stays taken while it names a session, so a stranger under our leader's number proves our session empty.
      const ours = leader !== null && (same === undefined || same.start === leader.start)
      const found: ProcessEntry[] = []
      // Grows while it is gone through.
      for (const entry of look.all) {
        if (entry.dead || entry.pid === leader?.pid || entry.pid === process.pid) continue
        // The kernel's own threads belong to no session, and tell nobody their environment.
        if (entry.session === 0) continue
        if (leader !== null && Number(entry.start) < Number(leader.start)) continue
        if ((ours && entry.session === leader.pid) || (await look.carries(entry, marker))) found.push(entry)
      }
      return found
    },
  }
}

/** Somebody who starts processes faster than we read them is not waited for. */
const roundsOfALook = 50
/** How long a process may be without a readable environment because it is just being replaced by another program, or ends. */
const betweenMs = 250

class Look {
  readonly at = performance.now()
  readonly all: Entry[] = []
  readonly #known = new Set<string>()
  readonly #environments = new Map<number, string>()
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
   * Until no number is new: a process that ends before it is looked at may have started another after the numbers were read, and that one
   * would be missed otherwise.
   */
  #readNew(): void {
    while (this.#rounds++ < roundsOfALook) {
      const names = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && !this.#known.has(name))
      if (names.length === 0) return
      for (const name of names) {
        this.#known.add(name)
        const entry = read(Number(name))
        if (entry !== null) this.all.push(entry)
      }
    }
  }

  /** Empty for a process that has none, that is gone, or whose is not ours to see. */
  async #environmentOf(entry: Entry): Promise<string> {
    const deadline = performance.now() + betweenMs
    for (let pause = 1, wasWhole = false; ; pause *= 2) {
      const environment = readOf(entry.pid, 'environ')
      if (environment !== null && environment !== '') return `\0${environment}`
      const now = read(entry.pid)
      if (now === null || now.dead || now.start !== entry.start) {
        this.#readNew()
        return ''
      }
      // Between two programs, and while it ends, a process has neither; the arguments come first.
      const isWhole = readOf(entry.pid, 'cmdline') !== ''
      if (environment === null || (wasWhole && isWhole) || performance.now() > deadline) return ''
      wasWhole = isWhole
      await delay(pause)
    }
  }
}

/** @returns null for a process that is gone or not ours to see */
function read(pid: number): Entry | null {
  const text = readOf(pid, 'stat')
  if (text === null) return null
  // The name in parentheses may hold anything, parentheses included.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state = '', , group = '', session = ''] = fields
  return {
    pid,
    group: Number(group),
    session: Number(session),
    start: fields[19] ?? '',
    dead: state === 'Z' || state === 'X',
  }
}

function readOf(pid: number, what: 'stat' | 'environ' | 'cmdline'): string | null {
  try {
    const file = openSync(`/proc/${pid}/${what}`, 'r')
    try {
      return readWhole(file)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    // Gone while we looked, or another user's.
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')) return null
    throw error
  }
}

const page = Buffer.alloc(64 * 1024)

/** Mostly one read: the kernel gives all that fits. */
function readWhole(file: number): string {
  let text = ''
  for (;;) {
    const length = readSync(file, page, 0, page.length, null)
    text += page.toString('utf8', 0, length)
    if (length < page.length) return text
  }
}
