import { readText, replaceFile } from '../disk/files.ts'
import type { Folder } from './folder.ts'
import type { Host } from './host.ts'

/** Since when a sign has been what it is, in milliseconds since the machine was started: a count that nobody sets and all its processes share. */
export interface Silence {
  readonly sign: string
  readonly since: number
  /** It stands in the folder, for who comes after us. */
  readonly isNoted: boolean
}

/** Milliseconds: who is silent for less is not worth a write. */
const shortest = 1000

/** @param before what this process knew; null: nothing */
export async function silenceIn(folder: Folder, host: Host, sign: string, before: Silence | null): Promise<Silence> {
  const now = sinceStart()
  const known =
    before?.sign === sign
      ? before
      : ((before === null ? noted(folder, host, sign, now) : null) ?? { sign, since: now, isNoted: false })
  if (known.isNoted || now - known.since < shortest) return known
  try {
    await replaceFile(folder.silence, `${headOf(host)} ${known.since} ${sign}\n`)
  } catch {
    return known // no space, or the folder is gone: whoever comes after us counts from their own first look
  }
  return { ...known, isNoted: true }
}

export function lengthOf({ since }: Silence): number {
  return sinceStart() - since
}

function noted(folder: Folder, host: Host, sign: string, now: number): Silence | null {
  const head = `${headOf(host)} `
  const text = readText(folder.silence) ?? ''
  if (!text.startsWith(head) || !text.endsWith(` ${sign}\n`)) return null
  const since = Number(text.slice(head.length).split(' ')[0])
  return since > 0 && since <= now ? { sign, since, isNoted: true } : null
}

/** Where the count means something. */
function headOf({ boot, namespace, machine }: Host): string {
  return `1 ${boot} ${namespace} ${machine}`
}

function sinceStart(): number {
  return Number(process.hrtime.bigint() / 1_000_000n)
}
