import { failed, ok } from '../model/result.ts'
import type { Vcs } from '../ports/vcs.ts'
import { type MemoryDeeds, memoryDeeds } from './memory-deeds.ts'
import type { Files } from './memory-files.ts'
import { memoryInspection } from './memory-inspection.ts'
import { memoryKept } from './memory-kept.ts'
import { landedOn, memoryAmendment, memoryCandidate } from './memory-landing.ts'
import { memoryLog } from './memory-log.ts'
import { memoryPrune } from './memory-prune.ts'
import {
  clashOf,
  describeWorkspace,
  headOf,
  type MemoryRepository,
  memoryRepository,
  memoryRoot,
  moveBranch,
  pin,
} from './memory-repository.ts'
import { memoryWorkspaces } from './memory-workspaces.ts'

export interface MemoryVcsOptions {
  /** Default `main`. */
  readonly target?: string
  /** `push`: the target is a remote's, which `remote` makes fail; nobody has it checked out. Default `local`. */
  readonly via?: Required<Vcs>['via']
  /** What the first commit holds. Default one `README.md`. */
  readonly files?: Files
}

/** A repository in memory, with every verb, and what agents and users do to it from outside. */
export interface MemoryVcs extends Required<Omit<Vcs, 'sweep'>>, MemoryDeeds {
  /** The same repository as another process would open it. */
  alongside(): MemoryVcs
}

export function memoryVcs({
  target = 'main',
  via = 'local',
  files = { 'README.md': 'A repository in memory\n' },
}: MemoryVcsOptions = {}): MemoryVcs {
  return open(memoryRepository(target, files, via))
}

function open(shared: MemoryRepository): MemoryVcs {
  return { ...memoryVerbs(shared), ...memoryDeeds(shared), alongside: () => open(shared) }
}

function memoryVerbs(shared: MemoryRepository): Required<Omit<Vcs, 'sweep'>> {
  const { commits, branches, workspaces } = shared
  return {
    ...memoryKept(shared),
    ...memoryInspection(shared),
    ...memoryWorkspaces(shared),
    target: shared.target,
    via: shared.via,

    async observe({ landed, targets = [], signal }) {
      signal.throwIfAborted()
      const now = headOf(shared, shared.target)
      const heads = new Map(targets.flatMap((name) => (branches.has(name) ? [[name, headOf(shared, name)]] : [])))
      const on = new Map([...heads, [shared.target, now] as const].map(([name, oid]) => [name, landedOn(commits, oid)]))
      const answers = landed.map(
        (question) => [question.task, on.get(question.target ?? shared.target)?.(question) ?? null] as const,
      )
      return {
        target: now,
        targets: heads,
        workspaces: new Map([...workspaces].map(([name, workspace]) => [name, describeWorkspace(workspace)])),
        landed: new Map(answers.flatMap(([task, answer]) => (answer === null ? [] : [[task, answer]]))),
      }
    },

    async admits({ prefix, signal }) {
      signal.throwIfAborted()
      const clash = [...branches.keys()].find((other) => prefix.startsWith(`${other}/`))
      return clash === undefined ? ok() : failed('clash', clash)
    },

    async createTarget({ branch, from, signal }) {
      signal.throwIfAborted()
      const clash = clashOf(shared, branch)
      if (clash !== undefined) return failed('clash', `${branch} cannot exist beside ${clash}`)
      if (!branches.has(branch)) moveBranch(shared, branch, from)
      return ok()
    },

    async buildCandidate(options) {
      options.signal.throwIfAborted()
      return memoryCandidate(commits, options)
    },

    async amendCandidate({ signal, directory, ...options }) {
      signal.throwIfAborted()
      return memoryAmendment(commits, options, shared.checkouts.get(directory))
    },

    async predict({ pairs, signal, ...hot }) {
      signal.throwIfAborted()
      return pairs.map(([ours, theirs]) => {
        if (!commits.has(ours) || !commits.has(theirs)) return null
        const merged = commits.merge(ours, theirs, hot)
        return 'conflicts' in merged ? merged.conflicts : []
      })
    },

    async checkout({ commit, signal }) {
      signal.throwIfAborted()
      const { tree, files } = commits.get(commit)
      const directory = `${memoryRoot}/.checks/${shared.checkouts.size}/${tree}`
      shared.checkouts.set(directory, files)
      return { directory }
    },

    async land({ target = shared.target, expect, commit, signal }) {
      signal.throwIfAborted()
      const now = headOf(shared, target)
      if (now === commit) return ok()
      if (now !== expect) return failed('moved', `${target} is at ${now} by now`)
      const isPushed = shared.via === 'push' && target === shared.target
      if (isPushed && shared.remote === 'away') return failed('unreachable', 'no route to host')
      if (isPushed && shared.remote === 'refuses') return failed('rejected', 'protected branch')
      const [before, after] = [commits.get(expect).files, commits.get(commit).files]
      const edits = target === shared.target && !isPushed ? shared.userEdits : {}
      const held = Object.keys(edits).filter((path) => before[path] !== after[path])
      if (held.length > 0)
        return failed('held-by-user', `you changed ${held.sort().join(', ')}: commit it or put it away`)
      moveBranch(shared, target, commit)
      return ok()
    },

    async verifyLanding({ target = shared.target, base, commit, tree, signal }) {
      signal.throwIfAborted()
      const now = headOf(shared, target)
      const found = commits.has(commit) ? commits.get(commit).tree : null
      const broken = [
        ...(commits.isAncestor(commit, now) ? [] : [`${target} is at ${now}, which does not hold ${commit}`]),
        ...(found === tree ? [] : [`${commit} has the tree ${found ?? 'none'}, and ${tree} was tested`]),
        ...(commits.isAncestor(base, commit) ? [] : [`${commit} does not come from ${base}`]),
      ]
      if (broken.length === 0) return ok()
      for (const oid of found === null ? [now] : [commit, now]) pin(shared, 'landing', 'head', oid)
      return failed('violated', broken.join('; '))
    },

    async history({ signal }) {
      signal.throwIfAborted()
      const now = headOf(shared, shared.target)
      return { files: Object.keys(commits.get(now).files), log: memoryLog(commits, now) }
    },

    async prune({ keep, drop, signal }) {
      signal.throwIfAborted()
      return memoryPrune(shared, keep, drop)
    },

    watch({ onChange, signal }) {
      if (signal.aborted) return
      shared.listeners.add(onChange)
      signal.addEventListener('abort', () => shared.listeners.delete(onChange), { once: true })
    },
  }
}
