import { realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { OrchError } from '@orch/core'
import { openRepository, type Repository, type RepositoryFacts } from '../git/repository.ts'
import { findProgram } from '../process/program.ts'
import type { Inside, Sandbox } from '../process/sandbox.ts'
import { runHere } from '../spawn/run.ts'
import { layoutOf } from './layout.ts'

export interface BubblewrapOptions {
  /** As for `gitVcs`. */
  readonly repository: string | RepositoryFacts
  /** As for `gitVcs`. */
  readonly worktrees?: string
  /** Whether programs may use the network. Default true: agents talk to their model. */
  readonly network?: boolean
  /** Folders, absolute, that programs may write to as well: where an agent keeps its sessions. Default none. */
  readonly writable?: readonly string[]
}

/** Milliseconds. */
const tryingMs = 10_000

/** Hidden, but for what is shown again: sockets of other programs are there, through which they would do what is forbidden here. */
const emptied = ['/tmp', '/var/tmp', '/run']

/** A user of its own without any capability, which as root nothing else takes away; no process of ours to be seen or asked for its environment. */
const confined = [
  ...['--unshare-user', '--uid', String(process.getuid?.() ?? 0), '--gid', String(process.getgid?.() ?? 0)],
  ...['--cap-drop', 'ALL', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
  ...['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
  ...emptied.flatMap((each) => ['--tmpfs', each]),
  ...['--setenv', 'TMPDIR', '/tmp'],
  // Where names of hosts are looked up.
  ...['--ro-bind-try', '/run/systemd/resolve', '/run/systemd/resolve'],
]

/** Runs programs by `bwrap`: they see the machine, and write to nothing but their workspace. Linux. */
export function bubblewrap(options: BubblewrapOptions): Sandbox {
  const { network = true, writable = [] } = options
  const program = () => findProgram('bwrap', '/', process.env.PATH ?? '/usr/bin:/bin')
  let works = false
  let opened: Promise<Repository> | undefined
  return {
    async unusable() {
      if (works) return null
      const found = program()
      if ('missing' in found)
        return `the sandbox needs bubblewrap: ${found.missing}; install it (apt install bubblewrap), or take \`sandbox\` out of the configuration`
      const ran = await runHere({
        file: found.path,
        argv: [...confined, '--', '/bin/sh', '-c', ':'],
        directory: '/',
        environment: {},
        longest: tryingMs,
      })
      works = ran.code === 0
      if (works) return null
      const said = Buffer.from(ran.errors).toString().trim() || ran.why
      return `the sandbox cannot be made here: ${said}; allow unprivileged user namespaces, or take \`sandbox\` out of the configuration`
    },

    async around([file, ...rest], { directory, isReader, folder, path }: Inside) {
      const found = program()
      if ('missing' in found) throw new OrchError('no-command', found.missing, { port: 'runner' })
      const at = realpathSync(directory)
      opened ??= openRepository(options.repository)
      const layout = layoutOf(await opened, options.worktrees, at)
      const again = [...layout.shown, dirname(file)].filter((each) =>
        emptied.some((from) => each.startsWith(`${from}/`)),
      )
      return [
        found.path,
        ...confined,
        ...(network ? [] : ['--unshare-net']),
        // Later ones lie over earlier ones.
        ...again.flatMap((each) => ['--ro-bind-try', each, each]),
        ...['--tmpfs', layout.hidden],
        ...path.flatMap((each) => ['--ro-bind-try', each, each]),
        ...[...writable, ...(isReader ? [] : [at, ...layout.writable])].flatMap((each) => ['--bind', each, each]),
        ...(isReader ? ['--ro-bind', at, at] : []),
        ...layout.fixed.flatMap((each) => ['--ro-bind', each, each]),
        ...['--ro-bind', folder.prompt, folder.prompt],
        ...[folder.outbox, folder.inbox].flatMap((each) => ['--bind', each, each]),
        ...['--chdir', at, '--', file, ...rest],
      ]
    },
  }
}
