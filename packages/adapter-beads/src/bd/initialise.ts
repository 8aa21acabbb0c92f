import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { OrchError } from '@orch/core'
import * as z from 'zod'
import { outageOf } from './answer.ts'
import { Bd, type BdOptions } from './bd.ts'
import { checkVersion, identify } from './identity.ts'

export interface Initialised {
  /** False: there was a database already, and nothing was changed. */
  readonly isNew: boolean
  readonly prefix: string
  readonly version: string
  /** Everything that was changed, one sentence each. */
  readonly changed: readonly string[]
}

export interface InitialiseOptions extends BdOptions {
  /** The directory of git that all worktrees share. */
  readonly commonDirectory: string
}

const version = z.looseObject({ version: z.string() })

/**
 * Makes a Beads database in the root of the main worktree, unless there is one. Commits nothing, and keeps what `bd` makes out of
 * `git status`: a plain `bd init` would commit to the user's branch, with whatever is staged. Throws `beads-unusable`.
 */
export async function initialiseBeads(options: InitialiseOptions): Promise<Initialised> {
  const { directory, commonDirectory } = options
  const bd = new Bd(options)
  const { signal } = new AbortController()
  const found = await bd.ask({ argv: ['version', '--json'], answer: version, signal })
  checkVersion(found.version)
  if (existsSync(join(directory, '.beads'))) {
    const { prefix } = await identify(bd, signal)
    return { isNew: false, prefix, version: found.version, changed: [] }
  }
  const files = [
    join(commonDirectory, 'info', 'exclude'),
    join(commonDirectory, 'config'),
    join(directory, '.gitignore'),
    join(homedir(), '.config', 'bd', 'config.yaml'),
  ]
  const before = await Promise.all(files.map(linesOf))
  const prefix = prefixFor(basename(directory))
  const argv = ['init', '-q', '--non-interactive', '--stealth', '--skip-hooks', '--skip-agents', '-p', prefix]
  const made = await bd.run({ argv, signal })
  if (!made.ok) throw outageOf('init', made.refusal)
  const after = await Promise.all(files.map(linesOf))
  const changed = files.flatMap((file, index) => changesIn(file, before[index] ?? [], after[index] ?? []))
  const identity = await identify(bd, signal)
  return {
    isNew: true,
    prefix: identity.prefix,
    version: found.version,
    changed: [`Made ${join(directory, '.beads')}, the database (prefix ${identity.prefix})`, ...changed],
  }
}

/** Beads takes letters, digits and hyphens; what is left of a bad name would be half a database. */
function prefixFor(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 20)
    .replace(/-+$/, '')
  return plain === '' ? 'bd' : plain
}

async function linesOf(file: string): Promise<readonly string[]> {
  try {
    return (await readFile(file, 'utf8')).split('\n')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw new OrchError('no-access', `${file} cannot be read (${code})`, { port: 'queue', cause: error })
  }
}

function changesIn(file: string, before: readonly string[], after: readonly string[]): readonly string[] {
  const told = (verb: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [`${verb} ${file}: ${lines.map((line) => line.trim()).join(', ')}`]
  const counts = (line: string): boolean => line.trim() !== '' && !line.trim().startsWith('#')
  return [
    ...told(
      'Added to',
      after.filter((line) => counts(line) && !before.includes(line)),
    ),
    ...told(
      'Removed from',
      before.filter((line) => counts(line) && !after.includes(line)),
    ),
  ]
}
