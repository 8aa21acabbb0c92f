import type { Policy } from '../model/policy.ts'
import type { Candidate } from '../model/run-state.ts'
import { shown } from '../model/shown.ts'
import type { Glob } from '../model/task.ts'
import { withBelow } from '../plan/hot-files.ts'
import { covers } from '../plan/scope.ts'

/** A command is to make files of it anew before it is checked, and before anything is built on it. */
export function isStale(candidate: Candidate | null | undefined): boolean {
  return (candidate?.stale ?? []).length > 0
}

/** One of these files for each command of the policy that makes some of them. */
export function staleOf(policy: Policy, touched: readonly string[]): readonly string[] {
  const { regenerate } = policy.hotFiles
  const found = regenerate.flatMap(({ files }) => touched.find((path) => covers(withBelow(files), path)) ?? [])
  return [...new Set(found)]
}

/** What makes them, and which files it may make. Nothing when the policy has changed since: what does not name one of them any more leaves nobody to make it. */
export function regenerationOf(
  { hotFiles }: Policy,
  { stale = [] }: Candidate,
): { readonly commands: readonly string[]; readonly files: readonly Glob[] } {
  const asked = hotFiles.regenerate.filter(({ files }) => stale.some((path) => covers(withBelow(files), path)))
  const files = withBelow(asked.flatMap((one) => one.files))
  if (!stale.every((path) => covers(files, path))) return { commands: [], files: [] }
  return { commands: asked.map(({ command }) => command), files }
}

/** What is run on it now: what makes its files, or the checks. */
export function commandsOn(policy: Policy, candidate: Candidate | null | undefined): readonly string[] {
  return candidate != null && isStale(candidate) ? regenerationOf(policy, candidate).commands : policy.landing.checks
}

/** For people. */
export function staleText({ stale = [] }: Candidate): string {
  return stale.map((path) => shown(path)).join(', ')
}
