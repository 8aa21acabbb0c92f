import type { GitContext } from './context.ts'
import { type Landing, type LandOptions, land } from './land.ts'
import { isAncestor } from './landed.ts'
import type { RefName } from './names.ts'
import type { Remote } from './remote.ts'

/** Where the user's branch is, compared with what was landed on the remote. */
type Standing =
  /** It has it, or there is no such branch, or nothing has landed. */
  { readonly is: 'there' } | { readonly is: 'behind'; readonly landed: string } | { readonly is: 'parted' }

/** The last commit that we went to push: what of the remote the user's branch is to have. What others push is theirs to pull. */
export function pushedRef({ name }: Remote['target']): RefName {
  return `refs/orch/pushed/${name}` as RefName
}

/** Brings what was landed on the remote to the user's branch and files, where that is a step forward and nothing of theirs is in the way. */
export class Following {
  readonly #context: GitContext
  readonly #remote: Remote
  #known: { readonly of: string; readonly standing: Standing } | null = null
  #held: { readonly landed: string; readonly why: string } | null = null
  /** Somebody is about to bring it: nothing has to be told. */
  #underWay = 0

  constructor(context: GitContext, remote: Remote) {
    this.#context = context
    this.#remote = remote
  }

  /** While `use` lands `commit`, and then brings it. */
  async during(use: () => Promise<Landing>, { commit, signal }: LandOptions): Promise<Landing> {
    this.#underWay++
    try {
      const landing = await use()
      if (landing.ok) await this.#bring(commit, signal)
      return landing
    } finally {
      this.#underWay--
    }
  }

  /** @param look asks the remote anew: refs are files that agents in linked worktrees can write; false when it does not answer */
  async follow(look: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
    if ((await this.#standing(signal)).is !== 'behind' || !(await look())) return
    const standing = await this.#standing(signal)
    if (standing.is === 'behind') await this.#bring(standing.landed, signal)
  }

  /** @param landed is on the remote for certain */
  async #bring(landed: string, signal: AbortSignal): Promise<void> {
    const at = await this.#context.refs.read(this.#context.branch.ref)
    if (at === null || at === landed || !(await isAncestor(this.#context, at, landed, signal))) return
    const moved = await land(this.#context, { expect: at, commit: landed, signal })
    this.#held = moved.ok || moved.detail === undefined ? null : { landed, why: moved.detail }
  }

  /** What keeps the user's branch from following; null: nothing does. */
  async note(signal: AbortSignal): Promise<string | null> {
    if (this.#underWay > 0) return null
    const standing = await this.#standing(signal)
    const { branch, target } = this.#context
    if (standing.is === 'there') return null
    if (standing.is === 'parted') {
      return `${branch.name} here has commits that ${target.name} has not, so it does not follow what lands there; see git log ${target.name}..${branch.name}, and merge or rebase it yourself`
    }
    const why = this.#held?.landed === standing.landed ? ` (${this.#held.why})` : ''
    return `${branch.name} here has not got yet what landed on ${target.name}${why}; git merge --ff-only ${target.name} brings it there`
  }

  /** Asks git once for each state of the three. */
  async #standing(signal: AbortSignal): Promise<Standing> {
    const { refs, branch } = this.#context
    const { target } = this.#remote
    const [landed, at, there] = [
      await refs.read(pushedRef(target)),
      await refs.read(branch.ref),
      await refs.read(target.ref),
    ]
    if (landed === null || at === null || there === null || at === landed) return { is: 'there' }
    const of = `${landed} ${at} ${there}`
    if (this.#known?.of !== of) this.#known = { of, standing: await this.#compared({ landed, at, there }, signal) }
    return this.#known.standing
  }

  async #compared(
    { landed, at, there }: { readonly landed: string; readonly at: string; readonly there: string },
    signal: AbortSignal,
  ): Promise<Standing> {
    const isIn = (commit: string, of: string) => commit === of || isAncestor(this.#context, commit, of, signal)
    // It was to be pushed, and was not, or somebody has forced it away.
    if (!(await isIn(landed, there))) return { is: 'there' }
    if (await isIn(landed, at)) return { is: 'there' }
    return (await isIn(at, landed)) ? { is: 'behind', landed } : { is: 'parted' }
  }
}
