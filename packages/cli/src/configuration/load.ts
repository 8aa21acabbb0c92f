import { accessSync, constants, existsSync, lstatSync, realpathSync, type Stats, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { OrchError } from '@orch/core'
import { cosmiconfig, type Loader } from 'cosmiconfig'
import { conflictAt, conflictText } from '../merge-conflict.ts'
import { systemCode } from '../usage-error.ts'
import { parseYaml } from '../yaml-text.ts'
import { checkConfiguration } from './check.ts'
import type { Configuration } from './configuration.ts'

export interface LoadedConfiguration {
  readonly configuration: Configuration
  /** Absolute; null when there is none and the defaults hold. */
  readonly file: string | null
}

/** In one folder the first of these counts. */
export const configurationFiles = [
  'orch.config.ts',
  'orch.config.js',
  'orch.config.mjs',
  'orch.config.json',
  'orch.config.yaml',
  'orch.config.yml',
  'package.json',
] as const

/**
 * The nearest configuration from `directory` up to `root`, checked. Throws `invalid-configuration` with every problem at once.
 * Files in TypeScript and JavaScript are run.
 */
export async function loadConfiguration(options: {
  readonly directory: string
  readonly root: string
}): Promise<LoadedConfiguration> {
  const loaders = { '.ts': module, '.js': module, '.mjs': module, '.json': data, '.yaml': data, '.yml': data }
  const explorer = cosmiconfig('orch', { searchPlaces: [...configurationFiles], loaders, cache: false })
  // One folder at a time: cosmiconfig's own way up goes on to the user's home, where nobody expects choices about this repository.
  for (const folder of foldersUp(realpathSync.native(options.directory), realpathSync.native(options.root))) {
    refuseUnreadable(folder)
    const found = await explorer.search(folder).catch((error: unknown) => {
      throw unusable(folder, error)
    })
    if (!found) continue
    const name = relative(options.directory, found.filepath) || found.filepath
    const shown = basename(found.filepath) === 'package.json' ? `"orch" in ${name}` : name
    return { configuration: checkConfiguration(found.config, shown), file: found.filepath }
  }
  return { configuration: {}, file: null }
}

/** What may not be read, or is no file, the search takes for missing: then the defaults would hold without a word. */
function refuseUnreadable(folder: string): void {
  for (const name of configurationFiles) {
    const file = join(folder, name)
    const about = lookAt(folder, file)
    if (about === undefined) {
      if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() !== true) continue
      const message = `${file} is a link that leads to no file; mend the link, or take it away`
      throw new OrchError('unloadable-configuration', message)
    }
    if (!about.isFile()) throw new OrchError('unloadable-configuration', `${file} is no file; move it away`)
    try {
      accessSync(file, constants.R_OK)
    } catch (cause) {
      throw new OrchError('unloadable-configuration', `${file} may not be read; change its permissions`, { cause })
    }
  }
}

/** Undefined when nothing is there. Waits for the disk, which takes a tenth of the way to another thread and back. */
function lookAt(folder: string, file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false })
  } catch (error) {
    // A link that leads to itself.
    if (systemCode(error) === 'ELOOP') return undefined
    throw unusable(folder, error)
  }
}

/** Up to the root; in a linked worktree, which lies elsewhere, up to its top and then the root. */
function foldersUp(from: string, root: string): string[] {
  const folders = [from]
  for (let folder = from; folder !== root && !existsSync(join(folder, '.git')); ) {
    // Called from outside of the repository: its root is all there is to look at.
    if (dirname(folder) === folder) return [root]
    folder = dirname(folder)
    folders.push(folder)
  }
  return folders.at(-1) === root ? folders : [...folders, root]
}

const data: Loader = (file, text) => {
  const { value, problems } = parseYaml(basename(file), text)
  if (problems.length > 0) throw new OrchError('invalid-configuration', `${file} cannot be read`, { problems })
  return value ?? {}
}

const module: Loader = async (file) => {
  if (file.endsWith('.ts') && !process.features.typescript) {
    throw new OrchError(
      'unloadable-configuration',
      `${file} needs Node 22.18 or newer, or becomes orch.config.js or orch.config.yaml.`,
    )
  }
  try {
    const loaded: unknown = await import(pathToFileURL(file).href)
    if (typeof loaded === 'object' && loaded !== null && 'default' in loaded) return loaded.default
  } catch (cause) {
    // Not left to the search, which takes a missing file inside of a module for a missing module.
    const said = cause instanceof Error ? cause.message : String(cause)
    const why = conflictAt(await readFile(file, 'utf8')) === null ? said : conflictText
    throw new OrchError('unloadable-configuration', `${file} cannot be loaded: ${why}`, { cause })
  }
  throw new OrchError(
    'unloadable-configuration',
    `${file} must have a default export: export default defineConfig({ … })`,
  )
}

function unusable(folder: string, error: unknown): unknown {
  if (OrchError.is(error)) return error
  const why = error instanceof Error ? error.message : String(error)
  return new OrchError('unloadable-configuration', `The configuration in ${folder} cannot be read: ${why}`, {
    cause: error,
  })
}
