import { diagnose } from '../decide/diagnose.ts'
import { withEpics } from '../decide/epic-tasks.ts'
import type { Examined } from '../decide/examined.ts'
import type { Finding, Mend } from '../decide/finding.ts'
import { OrchError } from '../model/error.ts'
import type { RunRecord } from '../model/run-state.ts'
import { graceMs } from './effects/effect.ts'
import type { Lease } from './lease.ts'
import { otherTargets } from './observe.ts'
import type { Setup } from './ports.ts'

export interface DoctorReport {
  /** What is wrong now. */
  readonly findings: readonly Finding[]
  /** What was mended. */
  readonly mended: readonly Finding[]
  /** What was to be mended and could not be: why. */
  readonly unmended: readonly { readonly finding: Finding; readonly why: string }[]
}

/** Looks at everything once. */
export async function examine(setup: Setup, signal: AbortSignal): Promise<readonly Finding[]> {
  const { ports, policy, owner } = setup
  const outages: { port: string; message: string; retryable: boolean }[] = []
  const answer = async <T>(port: string, reading: () => Promise<T>): Promise<T | null> => {
    try {
      return await reading()
    } catch (error) {
      if (!OrchError.is(error) || error.code === 'bug') throw error
      outages.push({ port, message: error.message, retryable: error.retryable })
      return null
    }
  }
  const queue = await answer('queue', async (): Promise<Examined['queue']> => {
    const read = await ports.queue.read({ all: true, signal })
    const listed = await ports.queue.list({ all: true, signal })
    // Asked as one that has left: then nobody waits for it.
    const beats = await ports.queue.beat({ owner: `${owner}-doctor`, leaseMs: 0, signal })
    const records = new Map(read.records.map((record) => [record.id, record]))
    return {
      tasks: new Map(withEpics(listed.tasks, records, policy).map((task) => [task.id, task])),
      records,
      complete: listed.complete && read.complete,
      liveOwners: new Set(beats.map((beat) => beat.owner).filter((other) => other !== owner)),
    }
  })
  const records = [...(queue?.records.values() ?? [])]
  const branches = records.flatMap(({ state }) => (state.branch === null ? [] : [state.branch.name]))
  const [vcs, processes] = await Promise.all([
    answer('vcs', async () => {
      const { workspaces } = await ports.vcs.observe({ landed: [], signal })
      const commits = commitsOf(records)
      const targets = otherTargets(records, policy)
      const inspected = ports.vcs.inspect?.({ commits, branches, targets, prefix: policy.branchPrefix, signal })
      return { workspaces, inspection: (await inspected) ?? null }
    }),
    answer('runner', async () => (await ports.runner.processes?.({ signal })) ?? null),
  ])
  return diagnose({ queue, vcs, processes, branchPrefix: policy.branchPrefix, outages })
}

/** Mends what is safe to mend. Each is looked for once more right before. Throws `paused` after a pause longer than the lease. */
export async function treat(setup: Setup, lease: Lease, signal: AbortSignal): Promise<DoctorReport> {
  const mended: Finding[] = []
  const unmended: { finding: Finding; why: string }[] = []
  const tried = new Set<string>()
  const nameOf = ({ code, subject }: Finding) => `${code} ${subject}`
  for (;;) {
    await lease.renew(signal)
    const findings = await examine(setup, signal)
    const next = findings.find((finding) => finding.mend !== null && !tried.has(nameOf(finding)))
    if (next === undefined || next.mend === null) return { findings, mended, unmended }
    const alike = next.mend.do === 'sweep' ? findings.filter(({ mend }) => mend?.do === 'sweep') : [next]
    for (const finding of alike) tried.add(nameOf(finding))
    lease.fence()
    const why = await mend(setup, next.mend, signal)
    if (why === null) mended.push(...alike)
    else unmended.push(...alike.map((finding) => ({ finding, why })))
  }
}

/** Null when it is done; otherwise why not. */
async function mend({ ports }: Setup, mend: Mend, signal: AbortSignal): Promise<string | null> {
  try {
    switch (mend.do) {
      case 'stop': {
        const stopped = await ports.runner.stop({ key: mend.key, graceMs, signal })
        return stopped === 'stopped' ? null : 'something of it still runs'
      }
      case 'retire': {
        const { workspace, branch } = mend
        const retired = await ports.vcs.retire({ workspace, branch, signal })
        return retired.ok ? null : (retired.detail ?? retired.reason)
      }
      case 'unlock': {
        const unlocked = await ports.vcs.unlock?.({ path: mend.path, signal })
        return unlocked?.ok === true ? null : (unlocked?.detail ?? 'somebody holds it')
      }
      case 'sweep':
        await ports.vcs.sweep?.({ signal })
        return null
    }
  } catch (error) {
    if (!OrchError.is(error) || error.code === 'bug') throw error
    return error.message
  }
}

function commitsOf(records: readonly RunRecord[]): readonly string[] {
  const open = records.filter(({ state }) => state.phase !== 'closed' && state.phase !== 'merged')
  const named = open.flatMap(({ state }) => [state.branch?.head ?? null, state.review?.candidate?.commit ?? null])
  return [...new Set(named.filter((oid) => oid !== null))]
}
