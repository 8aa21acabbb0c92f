import { join } from 'node:path'
import { OrchError } from '@orch/core'
import { namesIn, readText, signatureOf } from '../disk/files.ts'
import { git } from './git.ts'
import { isOid, type RefName } from './names.ts'
import type { Repository } from './repository.ts'

export interface RefChange {
  readonly ref: RefName
  /** Null deletes. */
  readonly to: string | null
  /** The value that it must have: null for none, undefined for any. */
  readonly from?: string | null
}

/** The refs of the user's repository. Reading starts no process, but for a ref that names another one. */
export interface Refs {
  /** The object that the ref names; null when there is no such ref. */
  read(ref: RefName): Promise<string | null>
  /** Refs that begin with `prefix`, which ends in `/`. */
  list(prefix: string): Promise<ReadonlyMap<RefName, string>>
  /**
   * All changes or none, each by compare-and-swap. False when one of the refs is not at `from`. The user's own hooks do not run.
   */
  change(changes: readonly RefChange[], reason: string): Promise<boolean>
}

export function refsOf(repository: Repository): Refs {
  const common = repository.commonDirectory
  let packed: { readonly signature: string | null; readonly refs: ReadonlyMap<string, string> } | undefined

  function packedRefs(): ReadonlyMap<string, string> {
    const path = join(common, 'packed-refs')
    const signature = signatureOf(path)
    if (packed?.signature !== signature || packed === undefined)
      packed = { signature, refs: parsePacked(readText(path) ?? '') }
    return packed.refs
  }

  /** For a ref that names another ref. */
  async function ask(ref: RefName): Promise<string | null> {
    const answer = await git({
      directory: common,
      arguments: ['--git-dir=.', 'rev-parse', '--verify', '--quiet', '--end-of-options', ref],
      answers: [0, 1, 128],
    })
    return answer.code === 0 ? answer.output.trim() : null
  }

  const read: Refs['read'] = async (ref) => {
    const loose = readText(join(common, ref))?.trim()
    if (loose === undefined) return packedRefs().get(ref) ?? null
    return isOid(loose) ? loose : ask(ref)
  }

  return {
    read,
    async list(prefix) {
      const found = new Map<RefName, string>()
      for (const [ref, oid] of packedRefs()) if (ref.startsWith(prefix)) found.set(ref as RefName, oid)
      for (const ref of looseBelow(common, prefix.slice(0, -1))) {
        const oid = await read(ref as RefName)
        if (oid !== null) found.set(ref as RefName, oid)
      }
      return found
    },
    async change(changes, reason) {
      const zero = '0'.repeat(repository.objectFormat === 'sha256' ? 64 : 40)
      const lines = changes.map(({ ref, to, from }) => {
        const old = from === undefined ? '' : (from ?? zero)
        return to === null ? `delete ${ref}\0${old}\0` : `update ${ref}\0${to}\0${old}\0`
      })
      const answer = await git({
        directory: common,
        arguments: ['--git-dir=.', 'update-ref', '--create-reflog', '-m', reason, '--stdin', '-z'],
        input: Buffer.from(lines.join('')),
        answers: [0, 128],
      })
      if (answer.code === 0) return true
      // Git tells a lost race only in words; looking again tells it by the values.
      for (const { ref, from } of changes) {
        if (from !== undefined && (await ask(ref)) !== from) return false
      }
      throw new OrchError(
        'git-failed',
        `git could not move ${changes.map(({ ref }) => ref).join(', ')}: ${answer.errors.trim()}`,
        {
          port: 'vcs',
          retryable: true,
        },
      )
    },
  }
}

function parsePacked(text: string): ReadonlyMap<string, string> {
  const refs = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [oid, ref] = line.split(' ')
    if (oid !== undefined && ref !== undefined && isOid(oid)) refs.set(ref, oid)
  }
  return refs
}

function looseBelow(common: string, directory: string): readonly string[] {
  return namesIn(join(common, directory)).flatMap((name) => {
    const path = `${directory}/${name}`
    if (name.endsWith('.lock')) return []
    const below = looseBelow(common, path)
    return below.length > 0 || readText(join(common, path)) === null ? below : [path]
  })
}
