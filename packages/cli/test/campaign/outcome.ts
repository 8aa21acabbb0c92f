import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { survivors } from '../bad-agents/scripted.ts'
import type { Stage } from './stage.ts'

/** What a run came to, without what hangs on the moment: told by git, the notes of agents, folders and the database, not by the command. */
export interface Outcome {
  readonly exits: readonly number[]
  /** Every commit on the target, and the files that it makes of them; in any order, the files of the last one alone. */
  readonly landed: readonly string[]
  /** The same of the remote, where there is one. */
  readonly pushed: readonly string[]
  /** What the user's own git says of their check-out. */
  readonly status: string
  readonly branches: string
  readonly worktrees: string
  /** Folders of worktrees, and what was moved aside, file by file. */
  readonly folders: readonly string[]
  /** What is kept, by what it holds. */
  readonly kept: readonly string[]
  /** Every process that an agent was. */
  readonly turns: readonly string[]
  readonly alive: readonly number[]
  /** What is left of turns and locks. */
  readonly left: readonly string[]
  readonly tasks: readonly string[]
  readonly bulletins: readonly string[]
  readonly damage: string
}

/** @param inAnyOrder see `Story` */
export function outcomeOf(stage: Stage, inAnyOrder = false): Omit<Outcome, 'exits'> {
  const { root, notes, git, noted } = stage
  const isJudging = (name: string): boolean => /^(check|review)-/.test(name)
  const state = join(root, '.git/orch')
  const remote = join(root, '../remote.git')
  return {
    landed: inAnyOrder
      ? [git('rev-parse', 'main^{tree}'), ...git('log', '--format=%s', 'main').split('\n').sort()]
      : git('log', '--topo-order', '--format=%T %s', 'main').split('\n'),
    pushed: existsSync(remote) ? git(`--git-dir=${remote}`, 'log', '--topo-order', '--format=%T %s').split('\n') : [],
    status: git('status', '--porcelain'),
    branches: git('for-each-ref', '--format=%(refname)', 'refs/heads'),
    worktrees: git('worktree', 'list', '--porcelain')
      .replace(/^HEAD .*$/gm, '')
      .replaceAll(root, ''),
    folders: filesBelow(`${root}.worktrees`).filter((path) => !path.startsWith('.making')),
    kept: keptIn(stage, inAnyOrder),
    turns: [...noted('turns')].sort(),
    alive: survivors(notes),
    left: [
      ...[...namesIn(join(state, 'processes')), ...namesIn(join(state, 'processes/.claims'))].filter(
        (name) => name !== '.starting' && !(inAnyOrder && isJudging(name)),
      ),
      ...namesIn(join(state, 'locks')),
      ...namesIn(join(root, '.git')).filter((name) => /lock/.test(name)),
      ...['orch/landing'].filter((name) => existsSync(join(root, '.git', name))),
    ],
    ...inDatabase(join(state, 'orch.db')),
    damage: git('fsck', '--connectivity-only', '--no-dangling', '--no-progress'),
  }
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : []
}

/** Of a name that was made up only its beginning; of a repository that a folder holds, only that there is one. */
function filesBelow(folder: string, path = ''): readonly string[] {
  return (existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [])
    .flatMap((entry) => {
      const name = join(path, entry.name.replace(/\.[0-9a-f]{12}$/, '.…'))
      if (entry.name === '.git' || !entry.isDirectory()) return [name]
      const below = filesBelow(join(folder, entry.name), name)
      return below.length > 0 ? below : [`${name}/`]
    })
    .sort()
}

/** The commits of agents have the time at which they were made; the files are what counts, and what they were made on. */
function keptIn({ git }: Stage, inAnyOrder: boolean): readonly string[] {
  const refs = git('for-each-ref', '--format=%(objectname) %(refname)', 'refs/orch/kept').split('\n').filter(Boolean)
  // Otherwise what one has changed, and what a merge has brought about.
  const lines = (oid: string): string =>
    !inAnyOrder
      ? git('log', '--topo-order', '--format=%T %s', oid)
      : git('log', '-1', '--format=%P', oid).includes(' ')
        ? git('rev-parse', `${oid}^{tree}`)
        : git('show', '--format=%s', '--raw', '--no-abbrev', oid)
  const works = refs.map((line) => {
    const [oid = '', ref = ''] = line.split(' ')
    const [task, name = ''] = ref.slice('refs/orch/kept/'.length).split('/')
    return `${task} ${name.split('-')[0]} ${lines(oid).split('\n').join(', ')}`
  })
  return [...new Set(works)].sort()
}

interface State {
  readonly phase: string
  readonly outcome: string | null
  readonly run: { readonly attempt: number; readonly turn: number; readonly stuck: { reason: string } | null }
}

function inDatabase(file: string): Pick<Outcome, 'tasks' | 'bulletins'> {
  const database = new DatabaseSync(file, { readOnly: true })
  const rows = (sql: string) => database.prepare(sql).all() as unknown as readonly Record<string, string>[]
  const tasks = rows('SELECT id, state FROM runs ORDER BY id').map(({ id, state = '' }) => {
    const { phase, outcome, run } = JSON.parse(state) as State
    return `${id} ${phase} ${outcome} ${run.attempt}.${run.turn} ${run.stuck?.reason}`
  })
  const open = rows('SELECT key FROM requests WHERE request IS NOT NULL').map(({ key }) => `asked ${key}`)
  // What is only foreseen hangs on who looks when.
  const bulletins = rows("SELECT kind, text FROM board WHERE text NOT LIKE '% would not merge as they are now%'").map(
    ({ kind, text }) => `${kind} ${text}`,
  )
  database.close()
  const nameless = (texts: readonly string[]) => texts.map((text) => text.replace(/[0-9a-f]{40}/g, '…'))
  return { tasks: nameless([...tasks, ...open]), bulletins: nameless(bulletins).sort() }
}
