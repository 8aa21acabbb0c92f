import { failed, OrchError, ok, type Result } from '@orch/core'
import { textOf } from './git.ts'
import { isThere } from './hidden.ts'
import type { Difference } from './status.ts'
import type { View } from './view.ts'

/** What git says of one path for as long as that is as it is, in the C locale. */
const refusal =
  /Permission denied|unable to index file|can only add regular files|unsupported file type|(CRLF|LF) would be replaced by|BOM is (required|prohibited) in|failed to encode '|and back is not the same|Unable to process path/

/**
 * Makes the index agree with the files. What is gone is dropped without a look: there may be a link now where its folder was. Refused
 * is what git would not take the next time, either.
 */
export async function addToIndex(view: View, found: readonly Difference[]): Promise<Result<void, 'not-representable'>> {
  await dropFromIndex(
    view,
    found.filter(({ deleted }) => deleted),
  )
  const input = [...new Set(found.filter(({ deleted }) => !deleted).map(({ bytes }) => `${bytes}\0`))].join('')
  if (input === '') return ok()
  try {
    const adding = ['update-index', '-z', '--add', '--remove', '--replace', '--stdin']
    const { errors } = await view.git({ arguments: adding, input })
    // A success, for git.
    const ignored = [...errors.matchAll(/^Ignoring path (.*)$/gm)].map(([, path]) => path)
    if (ignored.length === 0) return ok()
    return refused(`git keeps no file of the name ${ignored.join(', ')}; rename it, or move it out`)
  } catch (error) {
    const why = OrchError.is(error) && error.code === 'git-failed' ? whyRefused(error) : null
    if (why === null) throw error
    return refused(
      `a file cannot be read: ${why}; make it readable and a plain file in the encoding that .gitattributes names, or move it out`,
    )
  }
}

/**
 * Not by `--index-info`, which does not look for the work tree: it would write down again, as unchanged since, what was changed in the
 * same second in which it had been checked out.
 */
export async function dropFromIndex(view: View, found: readonly Difference[]): Promise<void> {
  if (found.length === 0) return
  const input = found.map(({ bytes }) => `${bytes}\0`).join('')
  await view.git({ arguments: ['update-index', '-z', '--force-remove', '--stdin'], input })
}

/**
 * Folders with new files that have a `.git`, which git neither takes nor names. One that leads to a repository is not among them: git
 * names its folder.
 */
export function disguised(files: string, found: readonly Difference[]): readonly string[] {
  const folders = new Set(found.filter(({ is }) => is === 'new').flatMap(({ bytes }) => foldersOf(bytes)))
  return [...folders].filter((folder) => isThere(files, `${folder}/.git`)).map(textOf)
}

function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'))
}

/** The words that name the path: hints may stand before them, and the message has only the first lines. */
function whyRefused({ cause }: OrchError): string | null {
  const errors = (cause as { readonly errors?: Uint8Array } | undefined)?.errors
  if (errors === undefined) return null
  const lines = Buffer.from(errors).toString('utf8').split('\n')
  const telling = lines.filter((line) => /^(error|fatal): /.test(line))
  return telling.some((line) => refusal.test(line)) ? telling.join(' ') : null
}

function refused(detail: string): Result<never, 'not-representable'> {
  return failed('not-representable', detail)
}
