import { readFile, readlink } from 'node:fs/promises'
import * as z from 'zod'

/** Which process somebody is, where the platform tells: a number, when it started, and where numbers mean that. */
const proof = z.object({ pid: z.int(), start: z.string(), boot: z.string(), namespace: z.string() })
export type ProcessProof = z.infer<typeof proof>

/** This process; null where nothing tells it, and then its lease alone counts. */
export async function ownProof(): Promise<ProcessProof | null> {
  const [where, start] = await Promise.all([here(), startOf(process.pid)])
  return where === null || typeof start !== 'string' ? null : { pid: process.pid, start, ...where }
}

/** True only with proof: on this start of this machine, where we see the same numbers, no process is that one any more. */
export async function isDead(given: unknown): Promise<boolean> {
  const read = proof.safeParse(given, { jitless: true })
  const where = await here()
  if (!read.success || where === null) return false
  const { pid, start, boot, namespace } = read.data
  if (boot !== where.boot || namespace !== where.namespace) return false
  const found = await startOf(pid)
  return found === null || (found !== 'unreadable' && found !== start)
}

async function here(): Promise<{ readonly boot: string; readonly namespace: string } | null> {
  if (process.platform !== 'linux') return null
  try {
    const [boot, namespace] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readlink('/proc/self/ns/pid'),
    ])
    return { boot: boot.trim(), namespace }
  } catch {
    return null // a container may hide it
  }
}

/** When the process started, in ticks; null: there is none, or it is only not buried yet. */
async function startOf(pid: number): Promise<string | 'unreadable' | null> {
  let text: string
  try {
    text = await readFile(`/proc/${pid}/stat`, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ESRCH' ? null : 'unreadable'
  }
  // The name may hold anything, brackets and spaces included.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? 'unreadable')
}
