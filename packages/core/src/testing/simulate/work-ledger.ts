import type { JsonValue } from '../../model/json.ts'
import { type ProcessKey, reviewKey, turnKey } from '../../model/process-key.ts'
import type { ReviewVerdict } from '../../model/review-verdict.ts'
import type { RunState } from '../../model/run-state.ts'
import type { TaskId } from '../../model/task.ts'
import type { Files } from '../memory-files.ts'
import type { MemoryEnd, MemoryStart } from '../memory-process.ts'
import type { MemoryVcs } from '../memory-vcs.ts'
import { hotFile, makes } from './tasks.ts'

/** Lines of the file that many write. */
export function hotLines(files: Files): readonly string[] {
  return (files[hotFile] ?? '').split('\n').filter((line) => line !== '')
}

/** What agents have made, by paths and lines that no two of them share, and how their turns and checks ended by themselves. */
export class WorkLedger {
  readonly #made = new Set<string>()
  readonly #done = new Set<string>()
  readonly #asked = new Set<string>()
  /** Verdicts of reviewers, by their keys. */
  readonly #verdicts = new Map<ProcessKey, ReviewVerdict['verdict']>()
  readonly #sessions = new Map<ProcessKey, JsonValue>()
  /** The order in which check-outs last passed their checks, and runs of them were red. */
  readonly #green = new Map<string, number>()
  /** The same for commands that make files. */
  readonly #making = new Map<string, number>()
  readonly #red = new Map<ProcessKey, number>()
  readonly #vcs: MemoryVcs

  constructor(vcs: MemoryVcs) {
    this.#vcs = vcs
  }

  wrote(what: string): void {
    this.#made.add(what)
  }

  ended({ key, directory, environment, profile }: MemoryStart, end: MemoryEnd): void {
    if (environment.ORCH_REVIEW !== undefined) {
      if (end.report?.tell === 'verdict') this.#verdicts.set(key, end.report.verdict)
      return
    }
    const exit = end.exit ?? 0
    if (exit === 0 || end.report?.tell === 'done') this.#done.add(key)
    if (end.report?.tell === 'stuck') this.#asked.add(key)
    if (end.resume !== undefined) this.#sessions.set(key, end.resume)
    if (environment.ORCH_ATTEMPT !== undefined) return
    const at = this.#green.size + this.#making.size + this.#red.size
    if (exit !== 0) this.#red.set(key, at)
    else this.#passed(makes(profile)).set(directory, at)
  }

  /** Its present turn has shown that it is done. */
  isDone(id: TaskId, { run }: RunState): boolean {
    return this.#done.has(turnKey(id, run.attempt, run.turn))
  }

  /** What its present turn has left to go on from, if it ended by itself. */
  sessionOf(id: TaskId, { run }: RunState): JsonValue | undefined {
    return this.#sessions.get(turnKey(id, run.attempt, run.turn))
  }

  /** A reviewer of this very head has approved. */
  isApproved(id: TaskId, head: string): boolean {
    const begin = reviewKey(id, head, 0).slice(0, -1)
    return [...this.#verdicts].some(([key, verdict]) => key.startsWith(begin) && verdict === 'approve')
  }

  /** It ended with a question. */
  asks(id: TaskId, { run }: RunState): boolean {
    return this.#asked.has(turnKey(id, run.attempt, run.turn))
  }

  /** Checks passed in a check-out of this tree. */
  isGreen(tree: string): boolean {
    return this.#passedAt(tree, false) >= 0
  }

  /** And that after this run of the checks was red, where it was so by itself; or of the commands that make files. */
  isGreenAfter(tree: string, run: ProcessKey, isMaking: boolean): boolean {
    return this.#passedAt(tree, isMaking) > (this.#red.get(run) ?? -1)
  }

  #passed(isMaking: boolean): Map<string, number> {
    return isMaking ? this.#making : this.#green
  }

  #passedAt(tree: string, isMaking: boolean): number {
    const ends = [...this.#passed(isMaking)]
    return Math.max(-1, ...ends.map(([directory, at]) => (directory.endsWith(tree) ? at : -1)))
  }

  /** What is nowhere any more. */
  lost(): readonly string[] {
    const here = this.#kept(this.#heads())
    const missing = [...this.#made].filter((what) => !here.has(what))
    if (missing.length === 0) return []
    // What somebody has changed back since is still in the history.
    const before = this.#kept([...this.#heads()].flatMap((oid) => [...this.#vcs.ancestors(oid)]))
    return missing.filter((what) => !before.has(what))
  }

  /** What agents have made and only these files hold. */
  onlyIn(files: Readonly<Record<string, string>>): readonly string[] {
    const held = new Set([...this.#heads()].flatMap((oid) => Object.keys(this.#vcs.read(oid))))
    return Object.keys(files).filter((path) => this.#made.has(path) && !held.has(path))
  }

  /** A person has thrown it away. */
  forgetLost(): void {
    for (const what of this.lost()) this.#made.delete(what)
  }

  #heads(): ReadonlySet<string> {
    return new Set([...this.#vcs.branches().values(), ...this.#vcs.pins().values()])
  }

  #kept(commits: Iterable<string>): ReadonlySet<string> {
    const kept = new Set<string>()
    const keep = (files: Files): void => {
      for (const path of Object.keys(files)) kept.add(path)
      for (const line of hotLines(files)) kept.add(line)
    }
    for (const oid of new Set(commits)) keep(this.#vcs.read(oid))
    for (const files of this.#vcs.folders().values()) keep(files)
    return kept
  }
}
