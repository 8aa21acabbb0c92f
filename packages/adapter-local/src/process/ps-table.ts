import { exists, type ProcessEntry, type ProcessTable } from './process-entry.ts'

/** macOS: one `ps` per look, started only when a process has to be looked at. */
export function psTable(): ProcessTable {
  let seen: { readonly at: number; readonly all: Promise<ProcessEntry[]> } | undefined
  const entries = (since = 0) => {
    if (seen === undefined || seen.at < since) seen = { at: performance.now(), all: readAll() }
    return seen.all
  }
  return {
    async find(pid) {
      if (!exists(pid)) return null
      const found = (await entries()).find((entry) => entry.pid === pid)
      return found ?? (exists(pid) ? 'unreadable' : null)
    },
    // It tells the time of day only, which somebody may have set since.
    ageOf: () => null,
    async members(leader, _, since) {
      if (leader === null) return { living: [], whole: true }
      const all = await entries(since)
      const same = all.find((entry) => entry.pid === leader.pid)
      // A number stays taken while it names a group, so a stranger under our leader's number proves our group empty.
      if (same !== undefined && same.start !== leader.start) return { living: [], whole: true }
      const living = all.filter((entry) => entry.group === leader.pid && entry.pid !== leader.pid && !entry.dead)
      return { living, whole: true }
    },
  }
}

async function readAll(): Promise<ProcessEntry[]> {
  const { execa } = await import('execa')
  const { stdout } = await execa('ps', ['-A', '-o', 'pid=,pgid=,stat=,lstart='], {
    env: { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC0' },
    extendEnv: false,
  })
  return stdout.split('\n').flatMap((line) => {
    const [pid, group, state, ...start] = line.trim().split(/\s+/)
    if (pid === undefined || state === undefined) return []
    return [{ pid: Number(pid), group: Number(group), start: start.join(' '), dead: state.startsWith('Z') }]
  })
}
