import { readdir, readFile } from 'node:fs/promises'
import { codeOf } from './folder.ts'
import { exists, type ProcessEntry, type ProcessTable } from './process-entry.ts'

interface Entry extends ProcessEntry {
  readonly session: number
}

/** Linux: reads `/proc`, starts nothing. */
export function procTable(): ProcessTable {
  let all: Promise<Entry[]> | undefined
  return {
    async find(pid) {
      if (!exists(pid)) return null
      const found = await read(pid)
      // It exists, but /proc does not show it: hidden by its mount options, or gone this instant.
      return found ?? (exists(pid) ? 'unreadable' : null)
    },
    async members(leader, marker) {
      all ??= readAll()
      const entries = await all
      const same = leader === null ? undefined : entries.find((entry) => entry.pid === leader.pid)
      // A number stays taken while it names a session, so a stranger under our leader's number proves our session empty.
      const ours = leader !== null && (same === undefined || same.start === leader.start)
      const found = await Promise.all(
        entries.map(async (entry) => {
          if (entry.dead || entry.pid === leader?.pid || entry.pid === process.pid) return null
          if (leader !== null && Number(entry.start) < Number(leader.start)) return null
          if (ours && entry.session === leader.pid) return entry
          return (await carries(entry.pid, marker)) ? entry : null
        }),
      )
      return found.filter((entry) => entry !== null)
    },
  }
}

async function readAll(): Promise<Entry[]> {
  const names = await readdir('/proc')
  const entries = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map((name) => read(Number(name))))
  return entries.filter((entry) => entry !== null)
}

/** @returns null for a process that is gone or not ours to see */
async function read(pid: number): Promise<Entry | null> {
  const text = await readOf(pid, 'stat')
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

async function carries(pid: number, marker: string): Promise<boolean> {
  const environment = await readOf(pid, 'environ')
  return environment !== null && `\0${environment}`.includes(`\0${marker}\0`)
}

async function readOf(pid: number, what: 'stat' | 'environ'): Promise<string | null> {
  try {
    return await readFile(`/proc/${pid}/${what}`, 'utf8')
  } catch (error) {
    // Gone while we looked, or another user's.
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')) return null
    throw error
  }
}
