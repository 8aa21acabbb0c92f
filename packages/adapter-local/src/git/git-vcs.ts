import { type Vcs, withOutages } from '@orch/core'
import { failPoint } from '../fail-point.ts'
import { amendCandidate } from './amend.ts'
import { buildCandidate } from './candidate.ts'
import { changedFiles } from './changed-files.ts'
import { changes } from './changes.ts'
import { checkout } from './checkout.ts'
import { contextOf, type GitContext, landingOn } from './context.ts'
import { admits, createWorkspace } from './create.ts'
import { history } from './history.ts'
import { inspect } from './inspect.ts'
import { kept } from './kept.ts'
import { keptChanges } from './kept-changes.ts'
import { land, settleLanding } from './land.ts'
import { unlock } from './left-locks.ts'
import { releaseDead } from './lock.ts'
import { branchRef } from './names.ts'
import { type Observe, observer } from './observe.ts'
import { predictor } from './predict.ts'
import { preserve } from './preserve.ts'
import { prune } from './prune.ts'
import { type Pushing, pushingOf } from './pushing.ts'
import { remoteOf } from './remote.ts'
import type { RemoteOptions } from './remote-address.ts'
import { openRepository, type RepositoryFacts } from './repository.ts'
import { restore } from './restore.ts'
import { retire } from './retire.ts'
import { seal } from './seal.ts'
import { since } from './since.ts'
import { snapshotter } from './snapshots.ts'
import { sweep } from './sweep.ts'
import { createTarget } from './targets.ts'
import { throwawayOf } from './throwaway.ts'
import { verifyLanding } from './verify-landing.ts'
import { watchTarget } from './watching.ts'
import type { Isolation } from './worktrees.ts'

export interface GitVcsOptions {
  /** A folder of the repository: its root, one below, or a linked worktree; or what `findRepository` found, which saves looking again. */
  readonly repository: string | RepositoryFacts
  /** The branch that changes land on; `findRepository` tells which one is checked out. */
  readonly target: string
  /** Where the workspaces are. Absolute; default `<main worktree>.worktrees`. */
  readonly worktrees?: string
  /**
   * Whether the workspaces are linked worktrees, or clones that share objects alone: with configuration, hooks, refs and stash of their own. Default `worktree`.
   */
  readonly isolation?: Isolation
  /** The remote whose branch of that name is the target: landing pushes, and the branch here follows. Default none: changes land here, and nothing is pushed. */
  readonly remote?: RemoteOptions
}

interface Opened extends Pick<Required<Vcs>, 'snapshots' | 'predict'> {
  readonly context: GitContext
  readonly observe: Observe
  readonly pushing: Pushing | null
}

/**
 * Version control by git worktrees. Making it reads nothing; the repository is opened by the first call, which throws `OrchError`:
 * `not-a-repository` and its like (bare, shallow, another user's), `empty-repository`, `no-target` when the branch does not exist, and `unusable-remote`.
 */
export function gitVcs({ repository, target, worktrees, isolation = 'worktree', remote }: GitVcsOptions): Vcs {
  const branch = { name: target, ref: branchRef(target) }
  let opened: Promise<Opened> | undefined
  const open = () => {
    opened ??= openRepository(repository).then(async (found) => {
      const there = remote === undefined ? null : remoteOf(found, branch, remote)
      const context = await contextOf(found, { branch, remote: there }, { folder: worktrees, isolation })
      const throwaway = throwawayOf(context.repository)
      return {
        context,
        observe: observer(context),
        pushing: there === null ? null : pushingOf(context, there),
        snapshots: snapshotter(context, throwaway),
        predict: predictor(context, throwaway),
      }
    })
    // The next call may find what is missing now.
    opened.catch(() => {
      opened = undefined
    })
    return opened
  }
  const inContext = async () => (await open()).context
  return withOutages('vcs', {
    target: remote === undefined ? target : `${remote.name ?? 'origin'}/${target}`,
    via: remote === undefined ? 'local' : 'push',
    async observe(options) {
      const { observe, pushing } = await open()
      await pushing?.observe(options.signal)
      const world = await observe(options)
      return pushing === null ? world : { ...world, notes: await pushing.notes(options.signal) }
    },
    createTarget: async (options) => createTarget(await inContext(), options),
    admits: async ({ prefix }) => admits(await inContext(), prefix),
    createWorkspace: async (options) => createWorkspace(await inContext(), options),
    seal: async (options) => seal(landingOn(await inContext(), options.target), options),
    preserve: async (options) => preserve(await inContext(), options),
    since: async (options) => since(await inContext(), options),
    retire: async (options) => retire(await inContext(), options),
    buildCandidate: async (options) => {
      const built = await buildCandidate(await inContext(), options)
      failPoint('candidate-made')
      return built
    },
    amendCandidate: async (options) => {
      const amended = await amendCandidate(await inContext(), options)
      failPoint('candidate-amended')
      return amended
    },
    checkout: async ({ commit, signal }) => checkout(await inContext(), commit, signal),
    async land(options) {
      const { context, pushing } = await open()
      const there = landingOn(context, options.target)
      return pushing === null || there.remote === null ? land(there, options) : pushing.land(options)
    },
    snapshots: async (options) => (await open()).snapshots(options),
    predict: async (options) => (await open()).predict(options),
    async verifyLanding(options) {
      const { context, pushing } = await open()
      const there = landingOn(context, options.target)
      if (there.remote !== null) await pushing?.lookAnew(options.signal)
      return verifyLanding(there, options)
    },
    changes: async (options) => changes(landingOn(await inContext(), options.target), options),
    changedFiles: async (options) => changedFiles(await inContext(), options),
    history: async ({ signal }) => history(await inContext(), signal),
    prune: async (options) => prune(await inContext(), options),
    kept: async ({ signal }) => kept(await inContext(), signal),
    keptChanges: async (options) => keptChanges(landingOn(await inContext(), options.target), options),
    restore: async (options) => restore(await inContext(), options),
    inspect: async (options) => inspect(await inContext(), options),
    unlock: async (options) => unlock(await inContext(), options),
    async sweep({ signal }) {
      const { context, pushing } = await open()
      await settleLanding(context, signal)
      await pushing?.follow(signal)
      await releaseDead(context.locks, signal)
      await sweep(context)
      await context.checkFolders.clear(0)
      failPoint('swept')
    },
    watch(options) {
      void open().then(
        ({ context }) => watchTarget(context, options),
        // Whoever looks hears of it.
        () => undefined,
      )
    },
  })
}
