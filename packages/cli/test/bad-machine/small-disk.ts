import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { type Ended, freshFolder, main } from '../rig.ts'

/** Whether this machine lets an ordinary user mount a disk that only its own processes see. */
export const hasDisks =
  spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0

const holders: ChildProcess[] = []
afterAll(() => {
  for (const holder of holders) holder.kill()
})

export interface SmallDisk {
  /** A repository on it, as those who see the disk name it. */
  readonly root: string
  /** Runs a program that sees the disk, in `root`. */
  inside(...words: string[]): Promise<Ended>
  sh(script: string): Promise<Ended>
  orch(...words: string[]): Promise<Ended>
  /** The same, in parallel to the test, with what it said so far. */
  start(...words: string[]): { readonly ended: Promise<Ended>; said(): string }
}

/** A disk in memory, with a repository on it whose agents are the scripts. `$DISK` is where it is, for checks as well. */
export async function smallDisk(
  megabytes: number,
  agents: Readonly<Record<string, string>>,
  checks: readonly string[] = [],
): Promise<SmallDisk> {
  const disk = join(freshFolder(), 'disk')
  mkdirSync(disk)
  const root = join(disk, 'repository')
  const mounting = `mount -t tmpfs -o size=${megabytes}m none "$0" && echo ready && exec sleep 600`
  const holder = spawn('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', mounting, disk])
  holders.push(holder)
  await once(holder.stdout, 'data')
  const enter = ['--user', '--mount', '--preserve-credentials', `--target=${holder.pid}`, '--']
  const calls = (words: readonly string[]): string[] => [
    ...enter,
    'env',
    `DISK=${disk}`,
    'sh',
    '-c',
    'cd "$0" 2>/dev/null; exec "$@"',
    root,
    ...words,
  ]
  const inside = (...words: string[]): Promise<Ended> =>
    new Promise((resolve) => {
      execFile('nsenter', calls(words), (error, stdout, stderr) => {
        resolve({ exit: error === null ? 0 : Number(error.code ?? -1), stdout, stderr })
      })
    })
  const sh = (script: string): Promise<Ended> => inside('sh', '-c', script)
  const program = [process.execPath, '--conditions=@orch/source', main]
  const tasks = Object.keys(agents).map((id) => `- { id: ${id}, title: Do ${id}, writes: [${id}.txt, ${id}/**] }`)
  const configuration = {
    agent: { command: ['sh', '-c', '. "$DISK/agents/$ORCH_TASK"'], environment: { DISK: disk } },
    policy: {
      leaseMs: 2000,
      maxAttempts: 1,
      landing: { by: 'orchestrator', checks: checks.map((check) => check.replaceAll('$DISK', () => disk)) },
    },
  }
  const files = [
    `mkdir -p "$DISK/agents" "${root}"; cd "${root}"; git init --quiet --initial-branch=main`,
    'git config user.name Somebody; git config user.email somebody@example.com',
    ...Object.entries(agents).map(([id, script]) => `cat >"$DISK/agents/${id}" <<'end'\n${script}\nend`),
    `cat >tasks.yaml <<'end'\n${tasks.join('\n')}\nend`,
    `cat >orch.config.json <<'end'\n${JSON.stringify(configuration)}\nend`,
    'git add --all; git commit --quiet --message=Begin',
  ]
  await sh(files.join('\n'))
  return {
    root,
    inside,
    sh,
    orch: (...words) => inside(...program, ...words),
    start(...words) {
      const child = spawn('nsenter', calls([...program, ...words]))
      let stdout = ''
      let stderr = ''
      child.stdout.on('data', (data) => {
        stdout += String(data)
      })
      child.stderr.on('data', (data) => {
        stderr += String(data)
      })
      const ended = once(child, 'close').then(([code]) => ({ exit: Number(code), stdout, stderr }))
      return { ended, said: () => stderr }
    },
  }
}
