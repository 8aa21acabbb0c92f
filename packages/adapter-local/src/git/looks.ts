import { OrchError, ok, type Result } from '@orch/core'
import { failPoint } from '../fail-point.ts'
import type { GitContext } from './context.ts'
import type { Remote } from './remote.ts'

/** How often a look in vain makes the rest before the next one longer. */
const longestRest = 10

/**
 * Sees where the branch of the remote is, and brings what it holds. Throws `no-target` when the remote has no such branch.
 */
async function look(context: GitContext, remote: Remote, signal: AbortSignal): Promise<Result<void, 'unreachable'>> {
  const { refs, objects } = context
  const { ref, name } = remote.target
  // Read first: what the remote says is never older than that.
  const before = await refs.read(ref)
  const there = await remote.ask(signal)
  if (!there.ok) return there
  if (there.value === null) {
    const hint = `git push ${remote.name} ${context.branch.name}`
    throw new OrchError('no-target', `${remote.name} has no branch ${context.branch.name}; push it once: ${hint}`, {
      port: 'vcs',
    })
  }
  if (there.value === before) return ok()
  const known = before ?? (await refs.read(context.branch.ref))
  const fetched = await remote.fetch(known, signal)
  if (!fetched.ok) return fetched
  // Forced away between the two: the next look sees what is there now.
  if (!(await objects.exists(there.value))) return ok()
  await refs.change([{ ref, to: there.value, from: before }], `orch: ${name} as it is`)
  failPoint('remote-seen')
  return ok()
}

/** Looks at the remote now and then. The first look is waited for, the others happen while everybody goes on with what is known. */
export class Looks {
  readonly #context: GitContext
  readonly #remote: Remote
  #dueAt = 0
  #inVain = 0
  #underWay = false
  #why: string | null = null
  #thrown: unknown = null

  constructor(context: GitContext, remote: Remote) {
    this.#context = context
    this.#remote = remote
  }

  /** Why nothing lands; null while the remote answers. */
  get why(): string | null {
    return this.#why
  }

  /** Throws what the last look threw, and `remote-unreachable` when nothing is known of the remote at all. */
  async ifDue(signal: AbortSignal): Promise<void> {
    const thrown = this.#thrown
    this.#thrown = null
    if (thrown !== null) throw thrown
    const isKnown = (await this.#context.refs.read(this.#remote.target.ref)) !== null
    if (isKnown && (this.#underWay || performance.now() < this.#dueAt)) return
    if (isKnown && this.#dueAt > 0) {
      this.now(signal).catch((error: unknown) => {
        if (!signal.aborted) this.#thrown = error
      })
      return
    }
    const seen = await this.now(signal)
    if (!seen.ok && !isKnown) throw unreachable(this.#remote, seen.detail)
  }

  async now(signal: AbortSignal): Promise<Result<void, 'unreachable'>> {
    this.#underWay = true
    try {
      const seen = await look(this.#context, this.#remote, signal)
      this.#inVain = seen.ok ? 0 : this.#inVain + 1
      this.#why = seen.ok
        ? null
        : `${this.#remote.name} does not answer, and nothing lands until it does: ${seen.detail}`
      return seen
    } finally {
      this.#underWay = false
      this.#dueAt = performance.now() + this.#remote.lookMs * Math.min(2 ** this.#inVain, longestRest)
    }
  }
}

export function unreachable({ name }: Remote, words: string | undefined): OrchError {
  return new OrchError('remote-unreachable', `${name} does not answer${words === undefined ? '' : `: ${words}`}`, {
    port: 'vcs',
    retryable: true,
  })
}
