import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { failed, OrchError, ok, type RestoreTo, type Result } from '@orch/core'
import { codeOf, remove } from '../disk/files.ts'
import { failPoint } from '../fail-point.ts'
import type { GitContext } from './context.ts'
import { clashing } from './create.ts'
import { branchRef, oidOf } from './names.ts'
import { withView } from './view.ts'

type Restored = Result<void, 'in-the-way' | 'clash' | 'gone'>

export interface RestoreOptions {
  readonly oid: string
  readonly to: RestoreTo
  readonly signal: AbortSignal
}

export async function restore(context: GitContext, { oid, to, signal }: RestoreOptions): Promise<Restored> {
  if (!(await context.objects.exists(oidOf(oid))))
    return failed('gone', `the commit ${oid} is not in the repository any more`)
  const restored = await ('branch' in to
    ? onBranch(context, oid, to.branch)
    : inDirectory(context, oid, to.directory, signal))
  failPoint('restored')
  return restored
}

async function onBranch(context: GitContext, oid: string, branch: string): Promise<Restored> {
  const ref = branchRef(branch)
  const clash = await clashing(context, branch)
  if (clash !== null) return failed('clash', `${branch} cannot exist beside the branch ${clash}; name another one`)
  if (await context.refs.change([{ ref, to: oidOf(oid), from: null }], 'orch: restore')) return ok()
  return failed('in-the-way', `the branch ${branch} is there already; name another one`)
}

/** The folder is made here or not used, so nothing that is anybody's is written over. */
async function inDirectory(
  context: GitContext,
  oid: string,
  directory: string,
  signal: AbortSignal,
): Promise<Restored> {
  await mkdir(dirname(directory), { recursive: true }).catch(refuse(directory))
  try {
    await mkdir(directory)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return inTheWay(directory)
    return refuse(directory)(error)
  }
  try {
    await withView(context.repository, { worktree: directory, signal }, (view) =>
      view.git({ arguments: ['read-tree', '-m', '-u', oidOf(oid)] }),
    )
  } catch (error) {
    await remove(directory)
    throw error
  }
  return ok()
}

function inTheWay(directory: string): Restored {
  return failed('in-the-way', `${directory} is there already; name a directory that is not`)
}

function refuse(directory: string): (cause: unknown) => never {
  return (cause) => {
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENAMETOOLONG'].includes(codeOf(cause) ?? '')) throw cause
    throw new OrchError('no-access', `${directory} cannot be made (${codeOf(cause)}); name another directory`, {
      port: 'vcs',
      cause,
    })
  }
}
