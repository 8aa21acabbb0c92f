import { createHash } from 'node:crypto'
import { failed, type KeptChanges, type KeptFile, ok, type Result } from '@orch/core'
import type { GitContext } from './context.ts'
import { textOf } from './git.ts'
import { oidOf } from './names.ts'
import { leftAt, meeting } from './outside.ts'
import { type View, withView } from './view.ts'

const mostFiles = 1000
const mostBytes = 200_000

/** No program of the repository's, and no configuration, shows these differences: there is none in a view. */
const differing = ['diff-tree', '-r', '--no-renames', '--no-ext-diff', '--no-textconv', '--no-color']

export interface KeptChangesOptions {
  readonly oid: string
  readonly from: string | null
  readonly patch: boolean
  readonly signal: AbortSignal
}

export async function keptChanges(
  context: GitContext,
  { oid, from, patch, signal }: KeptChangesOptions,
): Promise<Result<KeptChanges, 'gone'>> {
  if (!(await context.objects.exists(oidOf(oid))))
    return failed('gone', `the commit ${oid} is not in the repository any more`)
  return withView(context.repository, { signal }, async (view) => {
    const start = await startOf(context, view, { oid, from })
    const counted = await view.git({ arguments: [...differing, '--numstat', '-z', oidOf(start), oidOf(oid)] })
    const lines = counted.output.split('\0').slice(0, -1)
    const shown = patch ? await beginning(view, [...differing, '-p', oidOf(start), oidOf(oid)]) : null
    return ok({
      from: start,
      files: lines.slice(0, mostFiles).map(fileOf),
      count: lines.length,
      patch: shown?.text ?? null,
      isCut: shown?.isCut ?? false,
    })
  })
}

interface Wanted {
  readonly oid: string
  readonly from: string | null
}

/** What has landed left the target nowhere any more: then its last commit is all that can be told. */
async function startOf(context: GitContext, view: View, { oid, from }: Wanted): Promise<string> {
  if (from !== null && from !== oid) {
    const call = ['merge-base', '--is-ancestor', oidOf(from), oidOf(oid)]
    if ((await view.git({ arguments: call, answers: [0, 1, 128] })).code === 0) {
      const left = await leftAt(context, view, { from, head: oid })
      return left === oid ? from : left
    }
  }
  const target = await context.refs.read(context.target.ref)
  const base = target === null ? null : await meeting(view, target, oid)
  if (base !== null && base !== oid) return base
  const empty = createHash(context.repository.objectFormat).update('tree 0\0').digest('hex')
  return (await context.objects.commit(oid))?.parents[0] ?? empty
}

function fileOf(line: string): KeptFile {
  const [insertions = '', deletions = '', ...path] = line.split('\t')
  const count = (text: string) => (text === '-' ? null : Number(text))
  return { path: textOf(path.join('\t')), insertions: count(insertions), deletions: count(deletions) }
}

class Enough extends Error {}

/** No more of it is made than is shown. */
async function beginning(view: View, words: readonly string[]): Promise<{ text: string; isCut: boolean }> {
  const parts: Buffer[] = []
  let size = 0
  try {
    await view.git({
      arguments: words,
      take(part) {
        parts.push(part)
        size += part.length
        if (size > mostBytes) throw new Enough()
        return undefined
      },
    })
  } catch (error) {
    if (!(error instanceof Enough)) throw error
  }
  const bytes = Buffer.concat(parts)
  if (size <= mostBytes) return { text: bytes.toString('utf8'), isCut: false }
  const whole = bytes.subarray(0, mostBytes)
  return { text: whole.subarray(0, whole.lastIndexOf('\n') + 1).toString('utf8'), isCut: true }
}
