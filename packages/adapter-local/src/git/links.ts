import { join } from 'node:path'
import { isFolder } from '../disk/files.ts'
import type { GitContext } from './context.ts'
import { type GitAnswer, git, textOf } from './git.ts'
import { isOid, oidOf } from './names.ts'
import { refsOf } from './refs.ts'
import type { View } from './view.ts'

/** Its mode. */
const link = '160000'

interface Branch {
  readonly workspace: string
  readonly branch: string
  readonly head: string
}

/** A link to a commit of another repository that a branch adds, moves or takes away. */
export interface ChangedLink {
  /** One character per byte. */
  readonly path: string
  /** Null: it is taken away. */
  readonly oid: string | null
}

/** Why links of `changed` would name nothing wherever they land; null when none would. */
export async function whyLoose(
  context: GitContext,
  view: View,
  options: Branch,
  changed: readonly ChangedLink[],
): Promise<string | null> {
  const links = changed.flatMap(({ path, oid }) => (oid === null ? [] : [{ path, oid }]))
  if (links.length === 0) return null
  const names = await submodules(view, options.head)
  const unnamed = links.filter(({ path }) => !names.has(path)).map(({ path }) => textOf(path))
  if (unnamed.length > 0) {
    const away = 'is a repository of its own; take its .git away, or move it out'
    return `${unnamed.join(', ')} ${away}: only a link to its commits is on ${options.branch}`
  }
  const lost: string[] = []
  for (const { path, oid } of links) {
    const link = { name: textOf(names.get(path) ?? ''), path: textOf(path), oid }
    if (!(await isHad(context, view, options.workspace, link))) lost.push(link.path)
  }
  if (lost.length === 0) return null
  const { files } = context.worktrees.place(options.workspace)
  return `the commit of the submodule ${lost.join(', ')} that ${options.branch} names is only in ${files}, if anywhere; push it from there to the submodule's remote, or take the change of the link back`
}

export async function changedLinks(view: View, from: string, head: string): Promise<readonly ChangedLink[]> {
  const differing = ['diff-tree', '-r', '-z', '--no-renames', oidOf(from), oidOf(head)]
  const fields = (await view.git({ arguments: differing })).output.split('\0')
  return fields.flatMap((path, at): readonly ChangedLink[] => {
    const [before, after, , oid = ''] = fields[at - 1]?.split(' ') ?? []
    if (before !== `:${link}` && after !== link) return []
    return [{ path, oid: after === link ? oid : null }]
  })
}

/** The name of each path that `.gitmodules` has. */
async function submodules(view: View, head: string): Promise<ReadonlyMap<string, string>> {
  const reading = ['config', '--null', '--blob', `${oidOf(head)}:.gitmodules`]
  const named = await view.git({
    arguments: [...reading, '--get-regexp', '^submodule\\..*\\.path$'],
    answers: [0, 1, 128],
  })
  return new Map(
    named.output.split('\0').map((entry) => {
      const [key = '', ...path] = entry.split('\n')
      return [path.join('\n'), key.slice('submodule.'.length, -'.path'.length)]
    }),
  )
}

/** Whether the user's own submodule has the commit, or its remote had it when the workspace's was last in touch with that. */
async function isHad(
  context: GitContext,
  view: View,
  workspace: string,
  { name, path, oid }: { readonly name: string; readonly path: string; readonly oid: string },
): Promise<boolean> {
  const { commonDirectory, root } = context.repository
  // An agent may have written it, and it becomes a path.
  const isName = name !== '' && !name.split('/').includes('..')
  const users = [...(isName ? [join(commonDirectory, 'modules', name)] : []), join(root, path, '.git')]
  for (const directory of users) {
    const looked = await inside(view, directory, { arguments: ['cat-file', '-e', oidOf(oid)] })
    if (looked?.code === 0) return true
  }
  if (!isName) return false
  const own = join(context.worktrees.place(workspace).entry, 'modules', name)
  if (!isFolder(own)) return false
  const remotes = await refsOf({ ...context.repository, commonDirectory: own }).list('refs/remotes/')
  const tips = [...remotes.values()].filter(isOid).map((tip) => `^${tip}\n`)
  const input = Buffer.from(`${oidOf(oid)}\n${tips.join('')}`)
  const beyond = await inside(view, own, { arguments: ['rev-list', '--max-count=1', '--stdin'], input })
  return tips.length > 0 && beyond?.code === 0 && beyond.output === ''
}

/** Reads objects of another repository with a configuration of ours; null when it is not there. */
async function inside(
  view: View,
  directory: string,
  call: { readonly arguments: readonly string[]; readonly input?: Uint8Array },
): Promise<GitAnswer | null> {
  const objects = join(directory, 'objects')
  if (!isFolder(objects)) return null
  const environment = { GIT_DIR: view.common, GIT_OBJECT_DIRECTORY: objects }
  return git({ ...call, directory: '/', environment, answers: [0, 1, 128] })
}
