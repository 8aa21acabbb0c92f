import { join } from 'node:path'
import type { KeptWork } from '@orch/core'
import { lookAt, namesIn, readText } from '../disk/files.ts'
import { changedFiles } from './changed-files.ts'
import type { GitContext } from './context.ts'
import { textOf } from './git.ts'
import { oidOf } from './names.ts'
import { secondsOf } from './objects.ts'

/** Files of one that are named. */
const most = 20

/** Everything below `refs/orch/kept/` and in the folder of what was moved aside; read, nothing else. */
export async function kept(context: GitContext, signal: AbortSignal): Promise<readonly KeptWork[]> {
  signal.throwIfAborted()
  const pins = await Promise.all(
    [...(await context.refs.list('refs/orch/kept/'))].map(([ref, oid]) => pinned(context, ref, oid)),
  )
  const uncommitted = pins.filter(({ kind, parent }) => kind !== 'commits' && parent !== null)
  const pairs = uncommitted.map(({ oid, parent }) => ({ from: parent ?? oid, to: oid }))
  const changed = await changedFiles(context, { pairs, signal })
  const works = pins.map((pin): KeptWork => {
    const { parent: _parent, ...work } = pin
    const files = changed[uncommitted.indexOf(pin)] ?? null
    return { ...work, directory: null, files: files && { count: files.length, first: files.slice(0, most) } }
  })
  return [...works, ...movedAside(context)].sort((a, b) => (a.at ?? 0) - (b.at ?? 0) || rank(a) - rank(b))
}

interface Pinned extends Omit<KeptWork, 'directory' | 'files'> {
  readonly oid: string
  readonly parent: string | null
}

async function pinned(context: GitContext, ref: string, oid: string): Promise<Pinned> {
  const [workspace = '', ...rest] = ref.slice('refs/orch/kept/'.length).split('/')
  const name = rest.join('/')
  const commit = await context.objects.commit(oidOf(oid))
  const committed = commit === null ? null : secondsOf(commit.committer)
  const seconds = pinnedAt(context, ref) ?? committed
  return {
    workspace,
    name,
    kind: name.startsWith('tree-') ? 'files' : name.startsWith('index-') ? 'staged' : 'commits',
    oid,
    at: seconds === null ? null : seconds * 1000,
    subject: textOf(commit?.message.split('\n')[0] ?? ''),
    parent: commit?.parents[0] ?? null,
  }
}

/** The log of the pin itself: the commit may be much older. */
function pinnedAt({ repository }: GitContext, ref: string): number | null {
  const log = readText(join(repository.commonDirectory, 'logs', ref))
    ?.trimEnd()
    .split('\n')
    .at(-1)
  const seconds = secondsOf((log ?? '').split('\t')[0] ?? '')
  return seconds === 0 ? null : seconds
}

function movedAside({ worktrees }: GitContext): readonly KeptWork[] {
  const aside = join(worktrees.folder, '.aside')
  return namesIn(aside).map((name) => ({
    workspace: name.replace(/\.[^.]+$/, ''),
    name,
    kind: 'folder',
    oid: null,
    directory: join(aside, name),
    at: Math.floor(lookAt(join(aside, name))?.mtimeMs ?? 0),
    subject: '',
    files: null,
  }))
}

/** What was kept at one moment: first the commits, then what was on top of them. */
function rank({ kind }: KeptWork): number {
  return ['commits', 'staged', 'files', 'folder'].indexOf(kind)
}
