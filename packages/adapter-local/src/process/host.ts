import { createHash } from 'node:crypto'
import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { readText } from '../disk/files.ts'

/** Where a process number means something. Each field is one word. */
export interface Host {
  /** Changes with every start of the machine. */
  readonly boot: string
  /** The pid namespace: another container sees other numbers. `-` where there are none. */
  readonly namespace: string
  /** The machine, across reboots. */
  readonly machine: string
}

let known: Promise<Host> | undefined

/** This process's host; it cannot change while we live. */
export function thisHost(): Promise<Host> {
  known ??= look()
  return known
}

async function look(): Promise<Host> {
  const id = process.platform === 'linux' ? (readText('/etc/machine-id') ?? '') : ''
  const machine = createHash('sha256').update(`${hostname()}\n${id}`).digest('hex').slice(0, 16)
  if (process.platform === 'linux') {
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
    return { boot, namespace: await readlink('/proc/self/ns/pid'), machine }
  }
  // Not kern.boottime: that moves whenever the clock is set.
  const { execa } = await import('execa')
  const { stdout } = await execa('sysctl', ['-n', 'kern.bootsessionuuid'])
  return { boot: stdout.trim(), namespace: '-', machine }
}
