import { join } from 'node:path'
import { readText, signatureOf } from '../disk/files.ts'
import { failPoint } from '../fail-point.ts'
import type { GitContext } from './context.ts'
import { headPin, isOid } from './names.ts'
import { branchOfEntry } from './worktrees.ts'

/** Where git notes every entry of the stash, which linked worktrees share. */
function logOf(context: GitContext): string {
  return join(context.repository.commonDirectory, 'logs', 'refs', 'stash')
}

/** Pins what was stashed on branches of our workspaces: another agent, or a person, may take it for theirs and throw it away. */
export function stashKeeper(context: GitContext): () => Promise<void> {
  let before: string | null = null
  return async () => {
    const now = signatureOf(logOf(context))
    if (now === before) return
    const { entries, place } = context.worktrees
    const owners = new Map(entries().map((name) => [branchOfEntry(place(name).entry), name]))
    for (const line of (readText(logOf(context)) ?? '').split('\n')) {
      const oid = line.split(' ')[1] ?? ''
      const owner = owners.get(/\t(?:WIP on|On) (\S+): /.exec(line)?.[1] ?? null)
      if (owner === undefined || !isOid(oid)) continue
      const pin = headPin(owner, oid)
      if ((await context.refs.read(pin)) !== null || !(await context.objects.exists(oid))) continue
      await context.refs.change([{ ref: pin, to: oid, from: null }], 'orch: keep what was stashed')
      failPoint('stash-kept')
    }
    before = now
  }
}
