import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { type Ended, freshFolder, orch } from '../rig.ts'
import type { Work } from './worker.ts'

/** What stands around a repository: nothing in here is seen by our code, but by the agents and the checks of the tests. */
export interface Outside {
  readonly folder: string
  /** As on a fresh machine: an empty home, and git knows nobody's name. */
  readonly environment: Readonly<Record<string, string>>
  /** The user's own git; what it printed, without the line's end. */
  git(directory: string, ...words: string[]): string
  /** The same with another index than the repository's. */
  gitWithIndex(index: string, directory: string, ...words: string[]): string
  /** A repository of the user's, `name` below the folder, with one commit that holds these files. */
  repository(
    files: Readonly<Record<string, string>>,
    options?: { readonly name?: string; readonly init?: readonly string[] },
  ): string
  /** Lines that agents and checks have written down, see `worker.ts` and `check.sh`. */
  lines(file: 'checked' | 'commits' | 'counts'): readonly string[]
}

/** @param below where its folder is made; by default where temporary files are */
export function outside(below?: string): Outside {
  const folder = freshFolder({ 'home/.keep': '' }, below)
  mkdirSync(join(folder, 'alive'))
  const home = join(folder, 'home')
  const own = {
    HOME: home,
    XDG_CONFIG_HOME: home,
    GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
  }
  const { ORCH_OUTBOX: _outbox, NODE_OPTIONS: _options, ...inherited } = process.env
  const git = (more: Readonly<Record<string, string>>, directory: string, words: readonly string[]): string => {
    const env = { ...inherited, ...own, ...more }
    return execFileSync('git', words, { cwd: directory, env, encoding: 'utf8', maxBuffer: 1 << 28 }).trimEnd()
  }
  return {
    folder,
    environment: own,
    git: (directory, ...words) => git({}, directory, words),
    gitWithIndex: (index, directory, ...words) => git({ GIT_INDEX_FILE: index }, directory, words),
    repository(files, { name = 'repository', init = ['--initial-branch=main'] } = {}) {
      const root = join(folder, name)
      git({}, folder, ['init', '--quiet', ...init, root])
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(root, path)), { recursive: true })
        writeFileSync(join(root, path), text)
      }
      git({}, root, ['add', '--all'])
      git({}, root, [...theUser, 'commit', '--quiet', '--message', 'Begin'])
      return root
    },
    lines: (file) => {
      try {
        return readFileSync(join(folder, file), 'utf8')
          .split('\n')
          .filter((line) => line !== '')
      } catch {
        return [] // nobody has written any yet
      }
    },
  }
}

/** A task of a test, and what its agent does about it. */
export interface RealTask extends Work {
  readonly id: string
  readonly writes: readonly string[]
  readonly dependsOn?: readonly string[]
  /** What its agent does when it is sent back. */
  readonly repair?: Work
}

export interface Scene extends Outside {
  /** Where the command is called. */
  readonly root: string
  readonly target: string
  /** The target before the first task. */
  readonly since: string
  readonly tasks: readonly RealTask[]
  call(...words: string[]): Promise<Ended>
}

export interface Choices {
  readonly root: string
  readonly target?: string
  readonly tasks: readonly RealTask[]
  readonly maxAgents?: number
  /** After the one that writes down which tree it sees. */
  readonly checks?: readonly string[]
  /** Repositories that the checked trees name as submodules, by path. */
  readonly gitlinks?: Readonly<Record<string, string>>
  /** `squash`: what agents committed is then kept by pins alone. Default `merge`. */
  readonly method?: 'merge' | 'squash'
}

/** Commits the configuration to a repository of the user's on whatever is checked out, and adds the tasks. */
export async function scene(around: Outside, choices: Choices): Promise<Scene> {
  const { root, tasks } = choices
  const branch = around.git(root, 'symbolic-ref', '--short', 'HEAD')
  const target = choices.target ?? branch
  const gitlinks = Object.entries(choices.gitlinks ?? {}).map(([path, oid]) => `160000,${oid},${path}`)
  const check = ['sh', join(import.meta.dirname, 'check.sh'), around.folder, ...gitlinks]
  const checks = [check.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' '), ...(choices.checks ?? [])]
  const configuration = {
    target,
    agent: { command: [process.execPath, join(import.meta.dirname, 'worker.ts'), around.folder] },
    policy: {
      maxAgents: choices.maxAgents ?? 4,
      landing: { by: 'orchestrator', method: choices.method ?? 'merge', checks },
    },
  }
  writeFileSync(join(root, 'orch.config.json'), `${JSON.stringify(configuration, null, 2)}\n`)
  around.git(root, 'add', 'orch.config.json')
  around.git(root, ...theUser, 'commit', '--quiet', '--message', 'Configure orch')
  if (target !== branch) around.git(root, 'branch', '--force', target, 'HEAD')

  const work = tasks.flatMap((task) => [
    [task.id, task] as const,
    ...(task.repair ? [[`${task.id} 2`, task.repair]] : []),
  ])
  writeFileSync(join(around.folder, 'work.json'), JSON.stringify(Object.fromEntries(work)))
  writeFileSync(
    join(around.folder, 'objects'),
    around.git(root, 'rev-parse', '--path-format=absolute', '--git-path', 'objects'),
  )
  writeFileSync(join(around.folder, 'format'), around.git(root, 'rev-parse', '--show-object-format'))
  const stored = tasks.map(({ id, writes, dependsOn = [] }) => ({ id, title: `Do ${id}`, writes, dependsOn }))
  writeFileSync(join(around.folder, 'tasks.yaml'), JSON.stringify(stored))
  const call = (...words: string[]): Promise<Ended> => orch(words, { directory: root, environment: around.environment })
  expect(await call('add', join(around.folder, 'tasks.yaml'))).toMatchObject({ exit: 0, stderr: '' })
  return { ...around, root, target, since: around.git(root, 'rev-parse', target), tasks, call }
}

/** For commits of the user, whose name git is not told. */
export const theUser = ['-c', 'user.name=A User', '-c', 'user.email=user@example.org'] as const
