import { execFileSync, spawn } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'

/** The command as it is published: bundled, without the condition that leads to the sources. */
export const command = resolve(import.meta.dirname, '../packages/cli/dist/main.js')

/** Builds all packages from the sources as they are. */
export function build(): void {
  const root = resolve(import.meta.dirname, '..')
  execFileSync(process.execPath, ['scripts/build.ts'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
}

/** What was seen of a process while it lived. */
export interface Seen {
  /** The most memory that it and the process that starts others for it ever held, in bytes. */
  readonly memory: number
  /** Files that it had open when it was last looked at. */
  readonly openFiles: number
}

/** Runs the command to its end. Throws when it does not end with 0. */
export function orch(
  directory: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Seen> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [command, ...words], {
      cwd: directory,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let errors = ''
    let seen: Seen = { memory: 0, openFiles: 0 }
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-2000)))
    const look = setInterval(() => (seen = lookAt(child.pid, seen)), 100)
    child.on('error', fail)
    child.on('close', (code) => {
      clearInterval(look)
      if (code === 0) done(seen)
      else fail(new Error(`orch ${words.join(' ')} ended with ${code}:\n${errors}`))
    })
  })
}

/** The kernel keeps the highest mark, so that looking now and then misses nothing but the last moment. */
function lookAt(pid: number | undefined, before: Seen): Seen {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').map(Number)
    const ours = [Number(pid), ...children.filter((child) => child > 0 && runsNode(child))]
    const memory = ours.reduce((sum, one) => sum + highest(one), 0)
    return { memory: Math.max(memory, before.memory), openFiles: readdirSync(`/proc/${pid}/fd`).length }
  } catch {
    return before // it has ended
  }
}

function runsNode(pid: number): boolean {
  return readlinkSync(`/proc/${pid}/exe`) === realpathSync(process.execPath)
}

/** In bytes. */
function highest(pid: number): number {
  return 1024 * Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
}
