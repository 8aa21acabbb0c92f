import { readFile } from 'node:fs/promises'
import { createRequire, findPackageJSON } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  type AdapterOptions,
  type AgentRunner,
  type Board,
  type OrchAdapter,
  OrchError,
  type PortName,
  type ReviewHost,
  type TaskQueue,
  type Vcs,
} from '@orch/core'
import { systemCode } from '../usage-error.ts'
import type { NamedAdapter } from './configuration.ts'

export interface PortTypes {
  readonly queue: TaskQueue
  readonly vcs: Vcs
  readonly runner: AgentRunner
  readonly board: Board
  readonly review: ReviewHost
}

/**
 * The port that `named` asks for, made by the package's `orchAdapter`. The package is looked for from `directory` (the
 * user's) first, then among our own dependencies.
 */
export async function makePort<Name extends PortName>(
  name: Name,
  named: NamedAdapter,
  place: Pick<AdapterOptions, 'repository' | 'target' | 'path'> & { readonly directory: string },
): Promise<PortTypes[Name]> {
  const { use, ...chosen } = named
  const adapter = await adapterOf(name, use, place.directory)
  const factory = adapter[name]
  if (factory === undefined) {
    const offered = Object.keys(adapter).join(', ') || 'nothing'
    throw refused(name, `${use} is no adapter for ${name}: its orchAdapter offers ${offered}.`)
  }
  const options: AdapterOptions = {
    repository: place.repository,
    ...(place.target === undefined ? {} : { target: place.target }),
    ...(place.path === undefined ? {} : { path: place.path }),
    ...chosen,
  }
  return (await factory(options)) as PortTypes[Name]
}

async function adapterOf(name: PortName, use: string, directory: string): Promise<OrchAdapter> {
  // Ours is a part of the command.
  if (use === '@orch/adapter-beads') return (await import('@orch/adapter-beads')).orchAdapter
  const address = (await locate(use, directory)) ?? (await locate(use, import.meta.dirname))
  if (address === null)
    throw refused(name, `${use} is not installed. Install it in ${directory}, or name another package.`)
  let loaded: { readonly orchAdapter?: unknown }
  try {
    loaded = await import(address)
  } catch (cause) {
    throw refused(name, `${use} cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
  }
  if (typeof loaded.orchAdapter !== 'object' || loaded.orchAdapter === null) {
    throw refused(name, `${use} is no adapter: it exports no object under the name orchAdapter.`)
  }
  return loaded.orchAdapter
}

/** The URL of the module that `use` names when it is written in `directory`; null when it is not installed there. */
async function locate(use: string, directory: string): Promise<string | null> {
  if (/^\.{0,2}\//.test(use)) return pathToFileURL(resolve(directory, use)).href
  const from = join(directory, 'orch.config.js')
  try {
    return pathToFileURL(createRequire(from).resolve(use)).href
  } catch (error) {
    const code = systemCode(error)
    if (code === 'MODULE_NOT_FOUND') return null
    // A package that can only be imported is not found by this way of looking, the only one that takes a place to look from.
    if (code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') return importOnly(use, from)
    throw error
  }
}

async function importOnly(use: string, from: string): Promise<string | null> {
  const manifest = findPackageJSON(use, pathToFileURL(from))
  if (manifest === undefined) return null
  const { exports } = JSON.parse(await readFile(manifest, 'utf8')) as { exports?: unknown }
  const own = typeof exports === 'object' && exports !== null && '.' in exports ? exports['.'] : exports
  const target = chosenTarget(own)
  return target === null ? null : pathToFileURL(join(dirname(manifest), target)).href
}

/** What Node would take for an `import` of the package itself. */
function chosenTarget(exported: unknown): string | null {
  if (typeof exported === 'string') return exported
  if (typeof exported !== 'object' || exported === null) return null
  for (const [condition, target] of Object.entries(exported)) {
    if (condition === 'node' || condition === 'import' || condition === 'default') {
      const chosen = chosenTarget(target)
      if (chosen !== null) return chosen
    }
  }
  return null
}

function refused(name: PortName, message: string, cause?: unknown): OrchError {
  const problems = [{ code: 'invalid-value' as const, field: name, message: `${name}.use: ${message}` }]
  return new OrchError('unusable-adapter', 'An adapter of the configuration cannot be used', { problems, cause })
}
