import { failed, ok, type Result } from '@orch/core'
import type { GitAnswer } from './git.ts'
import { branchRef, isOid, type NamedRef, oidOf, type RefName } from './names.ts'
import { accessTo } from './remote-access.ts'
import { addressOf, type RemoteOptions } from './remote-address.ts'
import type { Repository } from './repository.ts'
import { withView } from './view.ts'

type Answer<T> = Result<T, 'unreachable'>

/** The branch of a remote. Each call is one git that talks to it, in a git directory of our own. */
export interface Remote {
  readonly name: string
  readonly lookMs: number
  /** Its branch, and the ref under which git keeps what is known of it: `origin/main`. */
  readonly target: NamedRef
  /** Where the branch is; null when the remote has none of that name. */
  ask(signal: AbortSignal): Promise<Answer<string | null>>
  /** Brings what the branch holds and `known` does not. */
  fetch(known: string | null, signal: AbortSignal): Promise<Answer<void>>
  /** Moves the branch from `expect` to `commit`. `refused`: the remote has answered, and said no; otherwise it is not known what became of it. */
  push(move: { readonly expect: string; readonly commit: string; readonly signal: AbortSignal }): Promise<Pushed>
}

type Pushed = { readonly ok: true } | { readonly ok: false; readonly refused: boolean; readonly words: string }

/** Milliseconds: a question, and what may have to carry a whole history. */
const longestAsk = 20_000
const longestCarry = 300_000
/** Characters. */
const longestWords = 400

/** Throws `unusable-remote`, and `invalid-branch` when the two make no name together. */
export function remoteOf(repository: Repository, branch: NamedRef, options: RemoteOptions): Remote {
  const { name = 'origin', lookMs = 30_000, auth } = options
  const address = addressOf(options, repository.remotes)
  const { settings, environment, redact } = accessTo(address, auth)
  const said = ({ errors }: GitAnswer): string => wordsIn(redact(errors))

  const call = async (
    words: readonly string[],
    {
      longest,
      signal,
      head,
    }: { readonly longest: number; readonly signal: AbortSignal; readonly head?: string | null },
  ): Promise<GitAnswer> => {
    const limit = AbortSignal.timeout(longest)
    const view = { signal: AbortSignal.any([signal, limit]), ...(head == null ? {} : { head }) }
    try {
      return await withView(repository, view, ({ git }) =>
        git({ arguments: words, settings, environment, answers: [0, 1, 2, 128] }),
      )
    } catch (error) {
      if (signal.aborted || !limit.aborted) throw error
      return { code: 128, output: '', errors: `it did not answer within ${longest / 1000} s` }
    }
  }

  return {
    name,
    lookMs,
    target: { name: `${name}/${branch.name}`, ref: trackingRef(`${name}/${branch.name}`) },
    async ask(signal) {
      const answer = await call(['ls-remote', '--', address.url, branch.ref], { longest: longestAsk, signal })
      if (answer.code !== 0) return failed('unreachable', said(answer))
      const lines = answer.output.split('\n').map((line) => line.split('\t'))
      const oid = lines.find(([, ref]) => ref === branch.ref)?.[0]
      return ok(oid !== undefined && isOid(oid) ? oid : null)
    },
    async fetch(known, signal) {
      const none = ['--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--no-auto-maintenance']
      const tip = known === null ? [] : [`--negotiation-tip=${oidOf(known)}`]
      const words = ['fetch', '--quiet', ...none, ...tip, '--', address.url, branch.ref]
      // Its HEAD is what is there already: git walks no further.
      const answer = await call(words, { longest: longestCarry, signal, head: known })
      return answer.code === 0 ? ok() : failed('unreachable', said(answer))
    },
    async push({ expect, commit, signal }) {
      const lease = `--force-with-lease=${branch.ref}:${oidOf(expect)}`
      const how = ['--porcelain', '--atomic', '--no-verify', '--no-signed', '--recurse-submodules=no', lease]
      const words = ['push', ...how, '--', address.url, `${oidOf(commit)}:${branch.ref}`]
      const answer = await call(words, { longest: longestCarry, signal })
      if (answer.code === 0) return { ok: true }
      return { ok: false, refused: /^!\t/m.test(answer.output), words: said(answer) }
    },
  }
}

function trackingRef(name: string): RefName {
  return branchRef(name).replace('refs/heads/', 'refs/remotes/') as RefName
}

/** Of a remote that speaks its own words, otherwise the first line of git's. They are anybody's. */
function wordsIn(errors: string): string {
  const lines = errors.split(/[\n\r]/).flatMap((line) => line.trim() || [])
  const theirs = lines.flatMap((line) => (line.startsWith('remote:') ? line.slice('remote:'.length).trim() || [] : []))
  const text = theirs.length > 0 ? theirs.join(' ') : (lines[0] ?? 'it said nothing').replace(/^fatal: /, '')
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, longestWords)
}
