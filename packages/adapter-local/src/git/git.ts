import { existsSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { OrchError } from '@orch/core'
import type { SimpleGit } from 'simple-git'
import type { Run } from '../spawn/message.ts'
import { runHere } from '../spawn/run.ts'
import { spawner } from '../spawn/spawner.ts'
import { nearestGit, pastPipes, type Reached } from './pipes.ts'

/** Everything that one git process may see. Nothing of ours reaches git but through here. */
export interface GitCall {
  /** Never a folder that an agent chooses. */
  readonly directory: string
  /** Passed as they are, never through a shell; every value that came from outside is typed or stands behind `--`. */
  readonly arguments: readonly string[]
  /** `key=value`, over what is fixed for all calls. */
  readonly settings?: readonly string[]
  /** The `GIT_…` variables of this call. */
  readonly environment?: Readonly<Record<string, string>>
  readonly input?: Uint8Array | Readable
  /** Exit codes that are answers. Default only 0. */
  readonly answers?: readonly number[]
  readonly signal?: AbortSignal
  /** Gets what it prints as it comes, for what may be too much to be kept; then the answer has none. What this throws is thrown; no more comes before its promise is fulfilled. */
  readonly take?: (part: Buffer) => undefined | Promise<unknown>
}

export interface GitAnswer {
  readonly code: number
  /** One character per byte, because paths may be any bytes; `textOf` decodes a part of it. */
  readonly output: string
  readonly errors: string
}

/** Milliseconds that one git process may take. */
const longest = 300_000

/** Hooks, the file system monitor, pagers and every protocol are off, whatever any configuration says. */
const overrides = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.pager=cat',
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
  'core.alternateRefsCommand=false',
  'core.askPass=false',
  'core.sshCommand=false',
  'credential.helper=',
  'protocol.allow=never',
  'protocol.ext.allow=never',
  'commit.gpgSign=false',
  'submodule.recurse=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'advice.detachedHead=false',
].flatMap((setting) => ['-c', setting])

/**
 * Runs git with a minimal environment. Throws `git-failed` for an exit code that is no answer, `no-access` when a pipe keeps it
 * waiting, and the signal's reason when it was aborted.
 */
export async function git(call: GitCall): Promise<GitAnswer> {
  call.signal?.throwIfAborted()
  const { input } = call
  const isStream = input !== undefined && !(input instanceof Uint8Array)
  const command: Run = {
    file: 'git',
    argv: [...overrides, ...(call.settings ?? []).flatMap((setting) => ['-c', setting]), ...call.arguments],
    directory: call.directory,
    environment: { ...minimalEnvironment(), ...call.environment },
    ...(isStream ? {} : { input }),
    longest,
  }
  const result = await pastPipes(
    () => reachedBy(call),
    call.signal,
    (signal) =>
      (call.take || isStream ? undefined : spawner()?.run(command, signal)) ??
      runHere(command, signal, { ...(call.take && { taken: call.take }), ...(isStream && { given: input }) }),
  )
  call.signal?.throwIfAborted()
  const { code, why } = result
  const output = Buffer.from(result.output).toString('latin1')
  const errors = Buffer.from(result.errors).toString('utf8')
  if (code === null || !(call.answers ?? [0]).includes(code)) {
    const said = shown(errors) || why || 'it was killed'
    if (result.errorCode === 'ENOENT' && existsSync(call.directory))
      throw new OrchError('git-missing', 'git cannot be started: it is not on PATH. Install git 2.39 or newer.', {
        port: 'vcs',
      })
    throw failureOf(call, said, result)
  }
  return { code, output, errors }
}

/** What is thrown when git has `said` that it failed. */
export function failureOf(call: Pick<GitCall, 'arguments'>, said: string, cause: unknown): OrchError {
  const kind = kindOf(said)
  const text = `git ${call.arguments[0] ?? ''} failed: ${said}`
  return new OrchError(kind, kind === 'disk-full' ? `${text}; free some space, and it goes on by itself` : text, {
    port: 'vcs',
    retryable: kind !== 'no-access',
    cause,
  })
}

function reachedBy({ directory, arguments: words, environment = {} }: GitCall): Reached {
  const { GIT_DIR, GIT_WORK_TREE: files, GIT_CONFIG_GLOBAL } = environment
  // A directory of our own making is given by name.
  if (GIT_DIR !== undefined) return { files }
  const gitDirectory = words.includes('--git-dir=.') ? directory : nearestGit(directory)
  return { files, gitDirectory, configuration: GIT_CONFIG_GLOBAL }
}

/** The lines of an error that a person is shown. */
export function shown(errors: string): string {
  return errors.trim().split('\n').slice(0, 3).join(' ')
}

/** Git tells these only in words, which the C locale keeps the same. A file that it could make and not write: there was no space. */
function kindOf(why: string): 'disk-full' | 'no-access' | 'git-failed' {
  if (/No space left on device|Disk quota exceeded|Out of diskspace|unable to write file/.test(why)) return 'disk-full'
  return /Read-only file system/.test(why) ? 'no-access' : 'git-failed'
}

/** Nothing inherited but what finding git takes; traces are for counting processes. */
function minimalEnvironment(): Record<string, string> {
  const environment: Record<string, string> = {
    HOME: '/dev/null',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_EDITOR: 'false',
    GIT_SEQUENCE_EDITOR: 'false',
  }
  for (const name of ['PATH', 'TMPDIR', 'DEVELOPER_DIR', 'GIT_TRACE2_EVENT']) {
    const value = process.env[name]
    if (value !== undefined) environment[name] = value
  }
  return environment
}

/**
 * For reading inside a git directory of our own, whose configuration needs no override. System-wide settings are read too; commands
 * that could run a program of theirs are told not to.
 */
export async function reader(directory: string, signal: AbortSignal): Promise<SimpleGit> {
  // Late: most commands count nothing.
  const { simpleGit } = await import('simple-git')
  const { PATH = '', TMPDIR = '/tmp' } = process.env
  return simpleGit({ baseDir: directory, abort: signal }).env({ PATH, TMPDIR, HOME: '/dev/null', LC_ALL: 'C' })
}

/** The text of bytes that `git` returned. */
export function textOf(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** The other way round: what `input` takes. */
export function bytesOf(bytes: string): Uint8Array {
  return Buffer.from(bytes, 'latin1')
}
