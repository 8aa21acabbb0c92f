import { randomUUID } from 'node:crypto'
import { mkdirSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, isAbsolute, resolve } from 'node:path'
import {
  type AgentRunner,
  failed,
  isLive,
  OrchError,
  ok,
  type ProcessKey,
  redaction,
  secretsIn,
  type Turn,
  withOutages,
} from '@orch/core'
import { lookAt } from '../disk/files.ts'
import { failPoint } from '../fail-point.ts'
import { readClaim, whereOf } from './claim.ts'
import { type Environment, environmentOf, pathOf } from './environment.ts'
import { claimedIn, keysIn, placesIn, prepare, unlessMissing } from './folder.ts'
import { isGone, remove, sweep } from './forgetting.ts'
import { thisHost } from './host.ts'
import { deliver } from './inbox.ts'
import { type Launch, launch } from './launcher.ts'
import { tailOf } from './log-tail.ts'
import { folderOf, type Looking, type Memory, observeKey } from './observation.ts'
import { processTable } from './process-table.ts'
import { argvOf, findProgram, missingText } from './program.ts'
import { withShapes } from './redaction.ts'
import type { Sandbox } from './sandbox.ts'
import { won } from './starting.ts'
import { stopKey } from './stop.ts'
import { watching } from './watching.ts'

export interface ProcessRunnerOptions {
  /** Where the folders of processes are kept; made when needed. Private: it holds what agents print. */
  readonly directory: string
  /** Directories put first in the `PATH` of every process: where an agent finds `orch`. Default none. */
  readonly path?: readonly string[]
  /**
   * Names of variables of ours that are secrets, beside those whose name or value says so (`*_TOKEN`, `*_KEY`, a password in an address): what they hold is never
   * told, stored or shown. Default none.
   */
  readonly secrets?: readonly string[]
  /** What programs are run in. Default nothing: they can do what the user can. */
  readonly sandbox?: Sandbox
  /** Our own environment, of which processes see only the basic part. Default `process.env`. */
  readonly environment?: Environment
}

/** How old a look at strangers' processes may be. Milliseconds. */
const latelyMs = 5000

/**
 * Runs agents as processes of this machine, each in a folder of its own below `directory`. They outlive us: another runner on the
 * same directory sees, stops and answers them as well. Logs are kept whole, however long, and never read but for their end.
 */
export function processRunner(options: ProcessRunnerOptions): AgentRunner {
  const directory = resolve(options.directory)
  const places = placesIn(directory)
  const ours = options.environment ?? process.env
  const secrets = secretsIn(ours, options.secrets)
  const redact = withShapes(redaction(secrets))
  const memory = new Map<ProcessKey, Memory>()
  const unused = new Set<ProcessKey>()
  const startedHere = new Set<ProcessKey>()
  const watched = watching()
  let before = { at: Number.NEGATIVE_INFINITY, table: processTable() }
  const whyNoSandbox = async () => (await options.sandbox?.unusable()) ?? null
  const lately = () => {
    const now = performance.now()
    if (now - before.at > latelyMs) before = { at: now, table: processTable() }
    return before.table
  }
  const looking = async (): Promise<Looking> => ({
    places,
    host: await thisHost(),
    table: processTable(),
    started: startedHere,
    lately,
    memory,
    unused,
    redact,
  })

  const observeAll = async (keys: readonly ProcessKey[], signal: AbortSignal): Promise<Map<ProcessKey, Turn>> => {
    signal.throwIfAborted()
    const look = await looking()
    const turns = await Promise.all(
      keys.map(async (key): Promise<[ProcessKey, Turn]> => [key, await observeKey(key, look)]),
    )
    for (const [key, turn] of turns) {
      if (turn.is === 'alive') watched.follow(key, places.folder(key))
      else watched.unfollow(key)
    }
    return new Map(turns)
  }
  const observeOne = async (key: ProcessKey, signal: AbortSignal) => (await observeAll([key], signal)).get(key)
  const forgetUnused = (isOver: (key: ProcessKey) => boolean) => {
    for (const key of unused) if (isOver(key)) unused.delete(key)
  }
  const existing = (key: ProcessKey) => {
    const claim = readClaim(places, key)
    return claim === null || claim === 'unreadable' ? null : folderOf(claim, key, places)
  }

  return withOutages('runner', {
    secrets,

    async start({
      key,
      profile,
      directory: workspace,
      prompt,
      environment: given,
      resume = null,
      isReader = false,
      signal,
    }) {
      signal.throwIfAborted()
      if ((await observeOne(key, signal))?.is !== 'never') return failed('already-started')
      if (!isAbsolute(workspace) || !unlessMissing(() => statSync(workspace))?.isDirectory()) {
        throw new OrchError('no-workspace', `The agent's directory ${workspace} does not exist.`, { port: 'runner' })
      }
      // An agent may have put it there, and then the next one would work in what it leads to.
      if (lookAt(workspace)?.isSymbolicLink())
        throw new OrchError('no-workspace', `The agent's directory ${workspace} is a link; move it away.`, {
          port: 'runner',
        })
      const folder = places.folder(key)
      const environment = environmentOf({ ours, profile, given, folder, path: options.path ?? [] })
      const [program, ...rest] = argvOf(profile, { prompt, folder, resume })
      const found = findProgram(program, workspace, environment.PATH ?? '')
      if ('missing' in found) return failed('no-command', missingText(profile, found.missing))

      const unusable = await whyNoSandbox()
      if (unusable !== null) return failed('no-command', unusable)
      const command = [found.path, ...rest] as const
      const path = [...(options.path ?? []), dirname(process.execPath)]
      const inside =
        (await options.sandbox?.around(command, { directory: workspace, isReader, folder, path })) ?? command
      const id = randomUUID()
      const prepared = places.prepared(key, id)
      for (const path of [directory, places.claims, places.starting]) mkdirSync(path, { recursive: true, mode: 0o700 })
      await prepare(prepared, {
        prompt,
        started: `${JSON.stringify({ agent: profile.name, directory: workspace, resume })}\n`,
      })
      failPoint('turn-prepared')
      const claim = places.claim(key)
      const where = whereOf(await thisHost())
      const started: Launch = {
        id,
        where,
        claim,
        prepared: prepared.path,
        folder: folder.path,
        argv: inside,
        directory: workspace,
        environment,
      }
      const ended = () => {
        // Its exit status was on disk before, and may have been seen there.
        if (memory.get(key)?.end == null) watched.moved()
      }
      const begin = () => launch(started, ended)
      unused.delete(key)
      startedHere.add(key)
      if (await won(begin, places, key, id)) {
        failPoint('turn-started')
        const claimed = readClaim(places, key)
        return ok(claimed === null || claimed === 'unreadable' ? {} : { pid: claimed.pid })
      }
      await rm(prepared.path, { recursive: true, force: true })
      return failed('already-started')
    },

    async check({ profile, signal }) {
      signal.throwIfAborted()
      const unusable = await whyNoSandbox()
      if (unusable !== null) return failed('no-command', unusable)
      const [program] = profile.argv
      // Below the workspace: only there it can be looked for.
      if (program.includes('/') && !isAbsolute(program)) return ok()
      const path = pathOf({ ours, profile, path: options.path ?? [] })
      const found = findProgram(program, '/', path)
      return 'path' in found ? ok() : failed('no-command', missingText(profile, found.missing))
    },

    async observe({ keys, signal }) {
      const asked = new Set(keys)
      const others = claimedIn(places).filter((key) => !asked.has(key) && memory.get(key)?.end == null)
      const turns = await observeAll([...keys, ...others], signal)
      for (const [key, turn] of turns) if (!asked.has(key) && !isLive(turn)) turns.delete(key)
      // Checks have a key for every tree: what nobody asks about any more would be remembered for ever.
      forgetUnused((key) => !turns.has(key))
      return turns
    },

    async stop({ key, graceMs, signal }) {
      signal.throwIfAborted()
      return stopKey({ key, places, host: await thisHost(), graceMs, signal })
    },

    async send({ key, guidance, signal }) {
      if ((await observeOne(key, signal))?.is !== 'alive') return failed('not-live')
      const folder = existing(key)
      if (folder === null) return failed('not-live')
      await deliver(folder, guidance)
      return ok()
    },

    async tail({ key, lines, signal }) {
      signal.throwIfAborted()
      const folder = existing(key)
      if (folder === null) return []
      return tailOf(folder, lines, redact)
    },

    async processes({ signal }) {
      signal.throwIfAborted()
      const now = await looking()
      const began = performance.now()
      // One look for thousands of keys. What it may miss is not to be remembered.
      const table: Looking['table'] = {
        ...now.table,
        members: (leader, marker) => now.table.members(leader, marker, began),
      }
      const look = { ...now, table, memory: new Map<ProcessKey, Memory>(), unused: new Set<ProcessKey>() }
      const turns = new Map<ProcessKey, Turn>()
      for (const key of keysIn(places, directory)) turns.set(key, await observeKey(key, look))
      return turns
    },

    async forget({ prefixes, signal }) {
      const isMeant = (key: ProcessKey) => prefixes.some((prefix) => key.startsWith(prefix))
      forgetUnused(isMeant)
      for (const key of claimedIn(places).filter(isMeant)) {
        const turn = await observeOne(key, signal)
        if (turn === undefined || turn.is === 'never' || turn.is === 'alive') continue
        if (turn.is === 'unknown' ? !(await isGone(key, await looking())) : turn.survivors) continue
        await remove(key, places)
        memory.delete(key)
        startedHere.delete(key)
      }
      await sweep(places, Date.now())
    },

    watch({ onChange, signal }) {
      watched.add(onChange, signal)
    },
  })
}
