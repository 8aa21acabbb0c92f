import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf, readText } from '../disk/files.ts'
import { refsAt } from './clones.ts'
import type { GitContext } from './context.ts'
import { isOid, type RefName } from './names.ts'
import type { Standing } from './status.ts'
import { branchOfEntry, type Place } from './worktrees.ts'

/** Where git notes what it took out of the files, to put it back later. */
const autostashes = ['MERGE_AUTOSTASH', 'rebase-merge/autostash', 'rebase-apply/autostash']

/**
 * Commits that go with the worktree: what HEAD was before and the branch does not lead back to (they were reset away, or made without a
 * branch), and what only files of its entry name.
 */
export async function otherHeads(context: GitContext, { head, place }: Standing): Promise<readonly string[]> {
  const named = new Set<string>()
  const name = (oid: string | undefined): void => {
    if (oid !== undefined && isOid(oid) && !/^0+$/.test(oid)) named.add(oid)
  }
  for (const line of (readText(join(place.entry, 'logs', 'HEAD')) ?? '').split('\n')) name(line.split(' ')[1])
  for (const path of [...autostashes.map((path) => join(place.entry, path)), ...filesBelow(join(place.entry, 'refs'))])
    name(readText(path)?.trim())
  if (place.isClone) for (const oid of await cloneHeads(context, place)) name(oid)
  const branch = branchOfEntry(place.entry)
  name((branch === null ? null : await context.refs.read(`refs/heads/${branch}` as RefName)) ?? undefined)
  named.delete(head)
  if (named.size === 0) return []
  const { oids } = await context.objects.firstParents(head, '', 200)
  const reachable = new Set(oids)
  const kept: string[] = []
  for (const oid of named) if (!reachable.has(oid) && (await isKept(context, oid))) kept.push(oid)
  return kept
}

/** Its packed refs, and the stash, of which each entry but the newest is in a log alone. What was fetched is elsewhere, too. */
async function cloneHeads(context: GitContext, place: Place): Promise<readonly string[]> {
  const refs = [...(await refsAt(context, place).list('refs/'))].filter(([ref]) => !ref.startsWith('refs/remotes/'))
  const stashed = (readText(join(place.entry, 'logs', 'refs', 'stash')) ?? '').split('\n')
  return [...refs.map(([, oid]) => oid), ...stashed.map((line) => line.split(' ')[1] ?? '')]
}

/** A ref may name a tag or a file as well. */
async function isKept({ objects }: GitContext, oid: string): Promise<boolean> {
  return (await objects.commit(oid)) !== null || objects.exists(oid)
}

/** A worktree's own refs are always files: git packs none of them. */
function filesBelow(directory: string): readonly string[] {
  try {
    const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return []
    throw error
  }
}
