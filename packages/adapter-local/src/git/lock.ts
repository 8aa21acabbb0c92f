import { randomBytes } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { link, mkdir, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { OrchError } from '@orch/core'
import { codeOf, lookAt, namesIn, readText, remove } from '../disk/files.ts'
import { failPoint } from '../fail-point.ts'
import { thisHost } from '../process/host.ts'
import { processTable } from '../process/process-table.ts'

/** Within one process callers queue here, so that it does not contend with itself. */
const queues = new Map<string, Promise<unknown>>()
/** Milliseconds between two tries while another process holds the lock. */
const interval = 5

/**
 * Runs `use` while nobody else, in any process, holds the lock file `path`. The lock of an owner that is proved dead is broken; one
 * whose fate is unknown is waited for until `signal`.
 */
export async function withLock<T>(path: string, signal: AbortSignal, use: () => Promise<T>): Promise<T> {
  const before = queues.get(path) ?? Promise.resolve()
  const turn = before.then(() => locked(path, signal, use))
  const done = turn.then(
    () => undefined,
    () => undefined,
  )
  queues.set(path, done)
  try {
    return await turn
  } finally {
    if (queues.get(path) === done) queues.delete(path)
  }
}

async function locked<T>(path: string, signal: AbortSignal, use: () => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  await mkdir(dirname(path), { recursive: true })
  const mine = await ownFile(path)
  try {
    while (!(await linked(mine, path))) {
      if (!(await brokenOpen(path, mine))) await pause(interval, undefined, { signal })
    }
  } finally {
    await unlink(mine)
  }
  try {
    failPoint('lock-taken')
    return await use()
  } finally {
    await unlink(path)
  }
}

/**
 * A new file that says who we are, to be linked to `path`. Its name says so, too: who dies before anything is in it leaves nothing that
 * might be somebody's.
 */
export async function ownFile(path: string, mark = ''): Promise<string> {
  const owner = await thisOwner()
  const mine = `${path}.${Buffer.from(owner).toString('base64url')}.${randomBytes(6).toString('hex')}`
  const file = openSync(mine, 'wx')
  try {
    failPoint('lock-begun')
    writeSync(file, mark + owner)
  } finally {
    closeSync(file)
  }
  return mine
}

/** Such files in `folder` whose owners have died. */
export async function leftIn(folder: string): Promise<readonly string[]> {
  const left: string[] = []
  for (const name of namesIn(folder)) {
    const owner = /\.([\w-]{40,})\.[0-9a-f]{12}$/.exec(name)?.[1]
    if (owner !== undefined && (await isDead(Buffer.from(owner, 'base64url').toString()))) left.push(join(folder, name))
  }
  return left
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** True when the lock may be free now. Only who holds `<path>.break` breaks, so a lock that was just taken is never broken. */
async function brokenOpen(path: string, mine: string): Promise<boolean> {
  const owner = readText(path)
  if (owner === null && lookAt(path) === null) return true
  if (owner === null)
    throw new OrchError('no-access', `${path} is in the place of a lock; move it away`, { port: 'vcs' })
  if (!(await isDead(owner))) return false
  const breaking = `${path}.break`
  if (!(await linked(mine, breaking))) {
    const breaker = readText(breaking)
    if (breaker !== null && (await isDead(breaker))) await remove(breaking)
    return false
  }
  try {
    failPoint('lock-breaking')
    if (readText(path) === owner) await remove(path)
  } finally {
    await remove(breaking)
  }
  return true
}

/** Takes away what processes that have died left of locks in `folder`, which nobody may need again for long. */
export async function releaseDead(folder: string, signal: AbortSignal): Promise<void> {
  for (const name of namesIn(folder).filter(isLock)) {
    const path = join(folder, name)
    const owner = readText(path)
    if (owner !== null && (await isDead(owner)))
      await withLock(path.replace(/\.break$/, ''), signal, async () => undefined)
  }
}

/** Of the names beside a lock, that of the lock itself and the one under which it is broken. */
export function isLock(name: string): boolean {
  return /^[a-z]+(\.break)?$/.test(name)
}

let mine: Promise<string> | undefined

/** Who we are, so that others can tell whether we still live. */
export function thisOwner(): Promise<string> {
  mine ??= identity()
  return mine
}

async function identity(): Promise<string> {
  const host = await thisHost()
  const found = await processTable().find(process.pid)
  const start = found === null || found === 'unreadable' ? '' : found.start
  return JSON.stringify({ pid: process.pid, start, boot: host.boot, namespace: host.namespace, machine: host.machine })
}

/** Whether the process that wrote `owner` is proved to have ended. */
export async function isDead(owner: string): Promise<boolean> {
  const told = parsed(owner)
  // Written whole before it got its name, so text that says nothing is not ours.
  if (told === null) return false
  const host = await thisHost()
  if (told.machine !== host.machine) return false
  if (told.boot !== host.boot) return true
  if (told.namespace !== host.namespace || told.pid === undefined) return false
  const found = await processTable().find(told.pid)
  if (found === null) return true
  if (found === 'unreadable' || told.start === '') return false
  return found.start !== told.start || found.dead
}

function parsed(
  text: string,
): { pid?: number; start?: string; boot?: string; namespace?: string; machine?: string } | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
