import type { AgentRunner, Board, Vcs } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { type FailPoint, failPoints } from '../src/fail-point.ts'
import { type Local, local } from '../src/local.ts'
import { testRepository } from './git-repository.ts'

/** Where a call may be killed that changes something; `reads`: nobody may ever need what it does, so that there is nothing to lose. */
type Changes = 'reads' | readonly FailPoint[]
type Verbs<Port> = {
  readonly [Verb in keyof Port & string as Required<Port>[Verb] extends (options: never) => unknown
    ? Verb
    : never]: Changes
}

const stored = ['store-created', 'store-adopted', 'store-writing', 'store-written'] as const
const locked = ['lock-begun', 'lock-taken', 'lock-breaking'] as const
const kept = ['preserve-written', 'preserved', 'clone-followed'] as const
const landed = [
  ...['landing-begun', 'landing-files-moved', 'landing-index-moved', 'landing-shown', 'landing-moved'],
  ...['landed', 'landing-taken-back'],
] as const satisfies FailPoint[]
const retired = ['retire-aside', 'retire-unfilled', 'retire-put-away', 'retire-removed', 'retired'] as const

const queue: Verbs<Local['queue']> = {
  list: 'reads',
  read: 'reads',
  watch: 'reads',
  add: stored,
  ask: stored,
  beat: stored,
  close: stored,
  pause: stored,
  write: stored,
}

const board: Verbs<Board> = { read: 'reads', post: stored, note: stored, clear: stored }

const runner: Verbs<AgentRunner> = {
  check: 'reads',
  observe: 'reads',
  processes: 'reads',
  tail: 'reads',
  watch: 'reads',
  start: ['turn-prepared', 'turn-started'],
  stop: ['turn-asked-to-stop', 'turn-stopped'],
  send: ['guidance-delivered'],
  forget: ['turn-put-away', 'turn-forgotten'],
}

const vcs: Verbs<Vcs> = {
  admits: 'reads',
  changedFiles: 'reads',
  changes: 'reads',
  history: 'reads',
  inspect: 'reads',
  kept: 'reads',
  keptChanges: 'reads',
  predict: 'reads',
  since: 'reads',
  snapshots: 'reads',
  watch: 'reads',
  observe: ['stash-kept', 'remote-seen'],
  createTarget: ['target-made'],
  createWorkspace: [
    ...['workspace-filled', 'workspace-entered', 'workspace-made', 'workspace-adopted'],
    ...['workspace-branched', 'workspace-switched'],
    ...locked,
  ] as const satisfies FailPoint[],
  seal: ['branch-put-back', 'seal-begun', 'seal-staged', 'sealed', 'clone-followed'],
  preserve: kept,
  retire: [...kept, ...retired, ...locked],
  buildCandidate: ['candidate-made'],
  amendCandidate: ['candidate-amended'],
  checkout: ['checkout-filled', 'checkout-made', 'checkout-put-away'],
  land: [...landed, ...locked, 'push-begun', 'pushed', 'push-known', 'remote-seen'],
  verifyLanding: ['violation-kept', 'remote-seen'],
  prune: ['pins-dropped', ...retired, 'checkout-put-away', 'pruned'],
  restore: ['restored'],
  unlock: ['unlocked'],
  sweep: ['landing-taken-back', ...locked, 'checkout-put-away', 'swept'],
}

const ports = { queue, board, runner, vcs } as const
type Port = keyof typeof ports

function verbsOf(port: Local[Port]): readonly string[] {
  return Object.keys(port).filter((name) => typeof port[name as keyof typeof port] === 'function')
}

describe('a kill', () => {
  it.each(Object.keys(ports) as Port[])('has a place in every verb of the %s that changes something', (name) => {
    using repository = testRepository()
    const port = local({ repository: repository.root, target: 'main' })[name]
    expect(verbsOf(port).toSorted()).toEqual(Object.keys(ports[name]).toSorted())
    const changing = Object.values<Changes>(ports[name]).filter((changes) => changes !== 'reads')
    expect(changing.every((places) => places.length > 0)).toBe(true)
  })

  it('has no place that is in no verb', () => {
    const named = Object.values(ports).flatMap((verbs) => Object.values<Changes>(verbs))
    expect(new Set(named.flatMap((changes) => (changes === 'reads' ? [] : changes)))).toEqual(new Set(failPoints))
  })
})
