import type { EventEmitter } from 'eventemitter3'
import type { PolicyInput } from '../model/policy.ts'
import type { AgentProfile } from '../model/profile.ts'
import type { NewEpic, NewTask, Task, TaskId } from '../model/task.ts'
import type { CoChangeOptions } from '../plan/co-change.ts'
import type { HistoryHints } from '../plan/history-hints.ts'
import type { Plan } from '../plan/plan.ts'
import type { PlanChoices } from '../plan/plan-tasks.ts'
import type { AgentRunner } from '../ports/agent-runner.ts'
import type { Board } from '../ports/board.ts'
import type { Clock } from '../ports/clock.ts'
import type { RestoreTo } from '../ports/kept-work.ts'
import type { ReviewHost } from '../ports/review-host.ts'
import type { TaskQueue } from '../ports/task-queue.ts'
import type { Leftover, Vcs } from '../ports/vcs.ts'
import type { DoctorReport } from './doctor.ts'
import type { OrchestratorEvents } from './events.ts'
import type { KeptItem, KeptReport, RestoredWork } from './kept.ts'
import type { ClosingReport, ConflictReport, ScopeReport, StatusReport, StatusRow, TaskReport } from './reports.ts'

export interface OrchestratorOptions {
  readonly queue: TaskQueue
  readonly vcs: Vcs
  readonly runner: AgentRunner
  readonly agent: AgentProfile
  /** Who looks at each change where `policy.landing.review` is `agent`. Default `agent`: the same program in a session of its own, which knows nothing of the author's. */
  readonly reviewer?: AgentProfile
  readonly review?: ReviewHost
  readonly board?: Board
  readonly policy?: PolicyInput
  /** Default: the system's. */
  readonly clock?: Clock
  /** Numbers from 0 up to, not including, 1, which spread what is tried again. Default `Math.random`. */
  readonly random?: () => number
  /** Names this orchestrator among others on the queue. Default: new for each. */
  readonly owner?: string
}

/** Everything that the command line can do. Methods read the world anew; nothing is remembered between them. */
export interface Orchestrator extends Pick<EventEmitter<OrchestratorEvents>, 'on' | 'off' | 'once'> {
  /**
   * Adds tasks; those that exist with the same fields are left as they are. Throws `invalid-tasks` with every problem at
   * once, `task-exists` when an id has other fields already, `unsupported` when the source cannot add. `epics` says more of those that tasks name.
   */
  add(
    tasks: readonly NewTask[],
    options?: { readonly epics?: readonly NewEpic[] },
  ): Promise<{ readonly added: readonly TaskId[]; readonly unchanged: readonly TaskId[] }>
  /** The plan of all open tasks, those in flight at the start. */
  plan(choices?: PlanChoices): Promise<Plan>
  /** All tasks, closed ones included, in the order of their source and as it tells them. */
  tasks(): Promise<readonly Task[]>
  /**
   * Passes until nothing more can move without a person, or `signal`: then no new work is started and living agents are left to the next run.
   * A port that does not answer for a while (a retryable `OrchError`) is told as `problem` and waited for; anything else that is thrown ends the run.
   * Without the agent's program nothing is started; what needs no agent is done, and then `no-command` is thrown.
   */
  run(options?: RunOptions): Promise<RunResult>
  /** One pass, and its actions to their end. */
  pass(options?: { readonly epic?: string; readonly signal?: AbortSignal }): Promise<PassResult>
  status(): Promise<StatusReport>
  /** How well tasks that have landed declared what they changed. Null: none has, or nobody can tell what it changed. */
  scopes(): Promise<ScopeReport | null>
  /**
   * What the past of the target says about tasks, by default those of the queue: scopes for those that declare none, and who is likely to overlap.
   * It is read once, as a stream, which takes seconds for 100,000 commits. Null: the repository is of a kind that does not tell.
   */
  hints(options?: HintOptions): Promise<HistoryHints | null>
  /**
   * Which changes do not go together: those under way as their files are now, what is not committed included, with each other and with the target; and tasks whose
   * scopes meet. Nothing is touched.
   */
  conflicts(): Promise<ConflictReport>
  /** One task with its history of guidance, the last output and what keeps it from landing. Throws `unknown-task`. */
  show(id: TaskId): Promise<TaskReport>
  /** Answers a stuck task, or leaves a note for a working one. Taken up by the next pass of whoever runs it. */
  guide(id: TaskId, text: string): Promise<Asked>
  cancel(id: TaskId): Promise<Asked>
  /**
   * Closes tasks that were done or given up elsewhere. What is under way here is left alone, and so is what counts as done while something
   * that it waits for is open. With `dry` nothing is closed. Throws `read-only-source`.
   *
   * @param options.note why, for people
   */
  close(
    tasks: readonly ClosedElsewhere[],
    options: { readonly note: string; readonly dry?: boolean },
  ): Promise<ClosingReport>
  /** A new attempt of a stuck, failed or cancelled task, or, where no reviewer gave a verdict, another reviewer; `fresh`: on a new branch. */
  retry(id: TaskId, options?: { readonly fresh?: boolean }): Promise<Asked>
  /**
   * Lets a task land (the human gate), and brings it there when no other orchestrator is at work. For a `manual` task: it is done.
   * For one on hold: lets it start.
   */
  land(id: TaskId): Promise<Asked>
  /** Lets a task on hold start. */
  release(id: TaskId): Promise<Asked>
  /**
   * Stops its agent and gives its workspace to the person: until `give` no agent starts in it and nothing of ours touches it. It keeps its files
   * from other tasks, and frees its seat. `task.worktreePath` of the answer says where it is.
   */
  take(id: TaskId): Promise<Asked>
  /** Hands a taken task back: its next turn is told which commits and files have changed. */
  give(id: TaskId): Promise<Asked>
  /** No further turn of it starts until `resume`; an agent at work goes on, and what is complete lands. */
  pause(id: TaskId): Promise<Asked>
  resume(id: TaskId): Promise<Asked>
  /** Lower starts earlier; goes over the task's own. Throws `invalid-tasks` unless it is a number from 0. */
  prioritise(id: TaskId, priority: number): Promise<Asked>
  /** From now on nobody starts an agent on this queue, whoever runs, until `resumeAll`; agents at work go on, and what is complete lands. */
  pauseAll(): Promise<void>
  resumeAll(): Promise<void>
  /** What is left over of closed tasks; with `drop`, takes it away. */
  prune(options?: { readonly drop?: boolean }): Promise<readonly Leftover[]>
  /**
   * What is kept of a task's work, or of everybody's; the newest first. A task that nobody knows any more goes by the name of its workspace.
   * Null: the repository is of a kind that does not tell. Throws `unknown-task`.
   */
  kept(task?: string): Promise<readonly KeptItem[] | null>
  /** What a kept work changed since where its branch started; `name` may be the beginning of one, default the newest. Throws `unknown-kept`. */
  showKept(options: { readonly task: string; readonly name?: string; readonly patch?: boolean }): Promise<KeptReport>
  /**
   * Puts a kept work on a new branch, by default `kept/<workspace>/<name>`, or its files into a new directory (absolute). Nothing that is there is changed:
   * throws `not-restored`, `unknown-kept`, `invalid-branch`.
   */
  restoreKept(options: {
    readonly task: string
    readonly name?: string
    readonly to?: RestoreTo
  }): Promise<RestoredWork>
  /**
   * Everything on which queue, git, processes and worktrees do not agree, with what the next run does about it. With `fix`, mends what is safe: nothing
   * that is not kept elsewhere goes, and what belongs to a living orchestrator is left to it. A port that does not answer is a finding.
   */
  doctor(options?: { readonly fix?: boolean }): Promise<DoctorReport>
  /** Stops every agent that this orchestrator owns; their work is preserved, and their tasks wait for another attempt. */
  stopAgents(): Promise<readonly TaskId[]>
  [Symbol.asyncDispose](): Promise<void>
}

export interface RunOptions {
  /** Starts only tasks of this epic; limits and scopes count everybody. */
  readonly epic?: string
  readonly signal?: AbortSignal
}

/** `done`: every task is closed; `failures`: some are stuck; `waits`: nothing more can move without a person; `interrupted`. */
export interface RunResult {
  readonly outcome: 'done' | 'failures' | 'waits' | 'interrupted'
  readonly tasks: readonly StatusRow[]
}

export interface PassResult {
  /** What was done, as data. */
  readonly actions: readonly { readonly do: string; readonly id: TaskId | null }[]
  /** Milliseconds until a pass is worth it without a hint. */
  readonly lookAgainAt: number
}

/** A request was stored. `settled`: it has been carried out already; otherwise `note` tells who will. */
export interface Asked {
  readonly settled: boolean
  /** Not yet, and not by this process: the running orchestrator or the next run takes it up. */
  readonly handedOver: boolean
  readonly note: string
  readonly task: StatusRow
}

export interface HintOptions extends Pick<CoChangeOptions, 'onProgress' | 'signal'> {
  readonly tasks?: readonly Task[]
}

export interface ClosedElsewhere {
  readonly id: TaskId
  readonly as: 'done' | 'cancelled'
}
