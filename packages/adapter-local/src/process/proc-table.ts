import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import { codeOf } from './folder.ts'
import { exists, type ProcessEntry, type ProcessTable } from './process-entry.ts'

interface Entry extends ProcessEntry {
  readonly session: number
}

/** Linux: reads `/proc`, starts nothing. Synchronously: it is memory, and a thread's round trip costs ten times the read. */
export function procTable(): ProcessTable {
  let all: Entry[] | undefined
  const environments = new Map<number, string>()
  const carries = (pid: number, marker: string): boolean => {
    let environment = environments.get(pid)
    if (environment === undefined) {
      environment = `\0${readOf(pid, 'environ') ?? ''}`
      environments.set(pid, environment)
    }
    return environment.includes(`\0${marker}\0`)
  }
  return {
    async find(pid) {
      if (!exists(pid)) return null
      const found = read(pid)
      // It exists, but /proc does not show it: hidden by its mount options, or gone this instant.
      return found ?? (exists(pid) ? 'unreadable' : null)
    },
    async members(leader, marker) {
      all ??= readAll()
      const entries = all
      const same = leader === null ? undefined : entries.find((entry) => entry.pid === leader.pid)
      // A number stays taken while it names a session, so a stranger under our leader's number proves our session empty.
      const ours = leader !== null && (same === undefined || same.start === leader.start)
      return entries.filter((entry) => {
        if (entry.dead || entry.pid === leader?.pid || entry.pid === process.pid) return false
        // The kernel's own threads belong to no session, and tell nobody their environment.
        if (entry.session === 0) return false
        if (leader !== null && Number(entry.start) < Number(leader.start)) return false
        return (ours && entry.session === leader.pid) || carries(entry.pid, marker)
      })
    },
  }
}

function readAll(): Entry[] {
  const names = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return names.map((name) => read(Number(name))).filter((entry) => entry !== null)
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

function readOf(pid: number, what: 'stat' | 'environ'): string | null {
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
