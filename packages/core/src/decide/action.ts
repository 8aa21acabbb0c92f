import type { Conflict } from '../model/conflict.ts'
import type { ProcessKey } from '../model/process-key.ts'
import type { Guidance } from '../model/request.ts'
import type { ReviewVerdict } from '../model/review-verdict.ts'
import type { KnownConflict, Oid, RunRecord, RunState } from '../model/run-state.ts'
import type { Task, TaskId } from '../model/task.ts'

/**
 * One effect of a pass, as data. Its name is known before it happens (`id`, `key`, the workspace in the record), so that the
 * next pass can look up whether it did.
 */
export type Action =
  /** Takes a seat: written with the revision of the snapshot, one after the other. */
  | { readonly do: 'claim'; readonly id: TaskId; readonly record: RunRecord | null; readonly next: RunState }
  /** Makes the branch that the tasks of an epic land on, or adopts it; then the record of the epic says that it has begun. */
  | {
      readonly do: 'begin-epic'
      readonly id: TaskId
      readonly record: RunRecord | null
      readonly target: string
      readonly from: Oid
    }
  /** Only the record moves. `answered` requests are dropped in the same write. */
  | {
      readonly do: 'write'
      readonly id: TaskId
      readonly record: RunRecord | null
      readonly next: RunState
      readonly answered: readonly string[]
    }
  /** Requests that change nothing any more. */
  | {
      readonly do: 'drop-requests'
      readonly id: TaskId
      readonly record: RunRecord | null
      readonly answered: readonly string[]
    }
  | { readonly do: 'create-workspace'; readonly id: TaskId; readonly record: RunRecord }
  | {
      readonly do: 'start-turn'
      readonly id: TaskId
      readonly record: RunRecord
      readonly task: Task
      readonly directory: string | null
      /** What of the target its branch may not have, for it to be told; null: nothing. */
      readonly news: TargetNews | null
    }
  /** Hands guidance to the living turn, and writes that it did. */
  | {
      readonly do: 'send'
      readonly id: TaskId
      readonly record: RunRecord
      readonly key: ProcessKey
      readonly guidance: Guidance
    }
  | { readonly do: 'stop'; readonly id: TaskId; readonly key: ProcessKey; readonly why: string }
  /** Turns what the turn left into commits; without any change it ends the task (`noChanges` says why) or fails the attempt. */
  | {
      readonly do: 'seal'
      readonly id: TaskId
      readonly record: RunRecord
      readonly task: Task
      readonly noChanges: string | null
      /** Its agent has said that it is done. */
      readonly said: boolean
      /** No agent was at work: its branch holds what the tasks of an epic have landed, which may be nothing. */
      readonly gathered: boolean
    }
  /** Keeps what the attempt left, then writes that it failed. */
  | {
      readonly do: 'fail-attempt'
      readonly id: TaskId
      readonly record: RunRecord
      readonly why: string
      readonly last: boolean
      /** What its process printed last says more than its exit status. */
      readonly quote: boolean
    }
  | { readonly do: 'open-review'; readonly id: TaskId; readonly record: RunRecord; readonly task: Task }
  /** Starts the reviewer agent of its head, which has a seat. */
  | {
      readonly do: 'start-review'
      readonly id: TaskId
      readonly record: RunRecord
      readonly task: Task
      readonly key: ProcessKey
    }
  /** What its reviewer said: it is approved, or goes back to its agent, or to a person. */
  | {
      readonly do: 'take-verdict'
      readonly id: TaskId
      readonly record: RunRecord
      readonly key: ProcessKey
      readonly verdict: ReviewVerdict
    }
  | {
      readonly do: 'build-candidate'
      readonly id: TaskId
      readonly record: RunRecord
      readonly task: Task
      readonly base: Oid
      /** On the candidate of another change, which has not landed: a conflict is nobody's to resolve yet. */
      readonly stacked: boolean
      /** Those that are built on it, each on the one before, as long as that goes well. */
      readonly then: readonly Change[]
    }
  /** Takes the files that `key` has made anew on its candidate into that. */
  | {
      readonly do: 'amend-candidate'
      readonly id: TaskId
      readonly record: RunRecord
      readonly key: ProcessKey
      /** As for `build-candidate`. */
      readonly stacked: boolean
    }
  /** Or what makes files of its candidate anew, while there are such. */
  | {
      readonly do: 'start-checks'
      readonly id: TaskId
      readonly record: RunRecord
      readonly key: ProcessKey
      /** `target`: on the base of the candidate, where these are red. */
      readonly on: 'candidate' | 'target'
      /** For the candidate: the others that the run speaks for, the first one first. */
      readonly before: readonly TaskId[]
      /** For the target: the check that was red, from 1, which decides alone; null when that is not known, then all do. */
      readonly check: number | null
    }
  /** The checks are red without the change as well: nothing is held against it, and it waits until the target is mended. */
  | {
      readonly do: 'await-target'
      readonly id: TaskId
      readonly record: RunRecord
      /** The check that is red, from 1; null when that is not known. */
      readonly check: number | null
    }
  /** The checks are red: back to the agent, or to a person. `unrunnable`: to a person at once, the change has nothing to do with it. */
  | {
      readonly do: 'reject'
      readonly id: TaskId
      readonly record: RunRecord
      readonly key: ProcessKey
      readonly why: string
      readonly unrunnable: boolean
    }
  /** Brings the candidate of `record` onto the target, and with it those that it is built on. */
  | {
      readonly do: 'land'
      readonly id: TaskId
      readonly record: RunRecord
      /** The others that land with it, the first one first. */
      readonly before: readonly RunRecord[]
      /** Its checks were red once, and then green on the same tree. */
      readonly flaky: boolean
      /** How long its checks have been seen to be green, in milliseconds. */
      readonly greenFor: number
      /** Heads that wait in other lanes: these land nevertheless without another run of their checks. */
      readonly others: readonly Oid[]
    }
  /** Builds what is green on what has landed beside it, in other lanes, since it was built; its checks go on counting for it. */
  | {
      readonly do: 'carry'
      /** The last one, whose checks speak for all. */
      readonly id: TaskId
      /** The first one first. */
      readonly train: readonly Change[]
      readonly onto: Oid
      readonly beside: readonly TaskId[]
    }
  /** Its candidate is on the target, and whoever brought it there could not say so: looks whether it is there as it was tested, then writes that it landed. */
  | { readonly do: 'verify-landing'; readonly id: TaskId; readonly record: RunRecord; readonly commit: Oid }
  /** Takes the old workspace away for `retry --fresh`, then writes the retry. */
  | {
      readonly do: 'start-fresh'
      readonly id: TaskId
      readonly record: RunRecord
      readonly answered: readonly string[]
    }
  /** Opens a closed task again, in its source and in its record. */
  | {
      readonly do: 'reopen'
      readonly id: TaskId
      readonly record: RunRecord | null
      readonly answered: readonly string[]
    }
  /** Keeps what the workspace holds, then writes that it is a person's. */
  | {
      readonly do: 'take'
      readonly id: TaskId
      readonly record: RunRecord
      readonly answered: readonly string[]
    }
  /** Keeps what the person leaves, then writes that its next turn is told of it; `key` is the request's. */
  | { readonly do: 'give'; readonly id: TaskId; readonly record: RunRecord; readonly key: string }
  /** Stops its agent, keeps what that did, then writes that another attempt follows. */
  | {
      readonly do: 'set-aside'
      readonly id: TaskId
      readonly record: RunRecord
      readonly key: ProcessKey
      readonly why: string
    }
  /** Tells everybody and its agent with whose changes its own do not go together, then writes that it knows. */
  | {
      readonly do: 'tell-conflicts'
      readonly id: TaskId
      readonly record: RunRecord
      readonly found: readonly Conflict[]
      readonly next: readonly KnownConflict[]
    }
  /** Tells its agent of what landed, where that is about files of its task, then writes up to where it knows. */
  | {
      readonly do: 'tell-target'
      readonly id: TaskId
      readonly record: RunRecord
      readonly task: Task
      readonly news: TargetNews
    }
  /** The end: workspace retired, bulletin posted, source closed, record closed; in this order, each step repeatable. */
  | { readonly do: 'finish'; readonly id: TaskId; readonly record: RunRecord; readonly task: Task | null }

export interface Change {
  readonly record: RunRecord
  readonly task: Task
}

/** From what somebody has to what the target is. */
export interface TargetNews {
  readonly have: Oid
  readonly target: Oid
}

/** What `decide` found: what to do, and when to look again. */
export interface Decision {
  readonly actions: readonly Action[]
  /** Milliseconds until a pass is worth it without any hint. */
  readonly lookAgainAt: number
  /** Something may move without a person: a run that sees false ends. */
  readonly moving: boolean
}

/** Whose tasks it moves: nobody does anything else to them meanwhile. */
export function concerned(action: Action): readonly TaskId[] {
  switch (action.do) {
    case 'carry':
      return action.train.map(({ record }) => record.id)
    case 'land':
      return [...action.before.map(({ id }) => id), action.id]
    case 'build-candidate':
      return [action.id, ...action.then.map(({ record }) => record.id)]
    default:
      return [action.id]
  }
}
