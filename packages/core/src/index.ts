export type { Action, Decision } from './decide/action.ts'
export { decide } from './decide/decide.ts'
export { diagnose } from './decide/diagnose.ts'
export { withEpics } from './decide/epic-tasks.ts'
export type { Examined } from './decide/examined.ts'
export { type Finding, type FindingCode, findings, type Mend } from './decide/finding.ts'
export type { Ages, Reach, SeenConflicts, World } from './decide/world.ts'
export {
  type Conflict,
  type ConflictFile,
  type ConflictKind,
  type ConflictLines,
  type ConflictSides,
  conflictText,
  type LineRange,
} from './model/conflict.ts'
export { OrchError, type OrchErrorOptions, type Problem } from './model/error.ts'
export type { Explained } from './model/errors/explained.ts'
export {
  errorList,
  type FailureReason,
  type OrchErrorCode,
  type ProblemCode,
  type WarningCode,
} from './model/errors/list.ts'
export type { VcsInspection } from './model/inspection.ts'
export type { JsonValue } from './model/json.ts'
export { fullText, outageOf, withOutages } from './model/outage.ts'
export { type Phase, type PhaseEvent, step } from './model/phase.ts'
export {
  defaultPolicy,
  forTeam,
  type HotFiles,
  type Landing,
  type Limits,
  type Policy,
  type PolicyInput,
  type PresetName,
  policyOf,
  presets,
  type RegeneratedFiles,
  type Worth,
} from './model/policy.ts'
export { checkKey, type ProcessKey, reviewKey, turnKey } from './model/process-key.ts'
export { type AgentProfile, command } from './model/profile.ts'
export { type Redact, redaction, secretsIn } from './model/redaction.ts'
export { latestReport, parseReport, type Report } from './model/report.ts'
export type { Guidance, PendingRequest, Request, Stuck } from './model/request.ts'
export { type Failed, failed, type Ok, ok, type Result } from './model/result.ts'
export type { Review } from './model/review.ts'
export { type ReviewFinding, type ReviewVerdict, verdictProblem } from './model/review-verdict.ts'
export {
  type BranchFacts,
  type Candidate,
  claimFields,
  type HistoryStep,
  type Kept,
  type KnownConflict,
  type LandingWait,
  type Oid,
  type Outcome,
  type OwnerId,
  type ReviewFacts,
  type Revision,
  type RunFacts,
  type RunRecord,
  type RunState,
  untouched,
  type Version,
} from './model/run-state.ts'
export { type KnownNames, schemaProblems } from './model/schema-problems.ts'
export { digest, slugOf } from './model/slug.ts'
export { type Status, statusOf } from './model/status.ts'
export { type Glob, type NewEpic, type NewTask, type Task, type TaskId, type TaskKind, taskOf } from './model/task.ts'
export { parseTasks, type TasksInput, taskJsonSchema } from './model/task-input.ts'
export { isLive, type Turn } from './model/turn.ts'
export type { VcsWorld, Workspace } from './model/vcs-world.ts'
export type {
  Batch,
  Plan,
  PlannedTask,
  PlanPolicy,
  PlanWarning,
  Ready,
  Standing,
  Wait,
} from './plan/plan.ts'
export { covers } from './plan/scope.ts'
export type { AdapterFactory, AdapterOptions, OrchAdapter, PortName } from './ports/adapter.ts'
export type { AgentRunner, StartedProcess } from './ports/agent-runner.ts'
export type { Board, BoardEntry } from './ports/board.ts'
export type { Clock } from './ports/clock.ts'
export type { KeptChanges, KeptFile, KeptWork, RestoreTo } from './ports/kept-work.ts'
export type { NotMergedBecause, ReviewHost } from './ports/review-host.ts'
export type { Beat, RunSnapshot, RunStore, WriteOptions, Written } from './ports/run-store.ts'
export type { TaskQueue } from './ports/task-queue.ts'
export type { TaskSource } from './ports/task-source.ts'
export type { Changes, History, LandedQuestion, Leftover, MadeWorkspace, Sealed, Since, Vcs } from './ports/vcs.ts'
export type { BuiltCandidate, Conflicting } from './ports/vcs-landing.ts'
export type {
  Asked,
  ClosedElsewhere,
  HintOptions,
  Orchestrator,
  OrchestratorOptions,
  PassResult,
  RunOptions,
  RunResult,
} from './run/contract.ts'
export type { DoctorReport } from './run/doctor.ts'
export type { OrchestratorEvents } from './run/events.ts'
export { type InputLimits, inputProblems } from './run/input-problems.ts'
export type { KeptItem, KeptReport, RestoredWork } from './run/kept.ts'
export { createOrchestrator } from './run/orchestrator.ts'
export { hostProblems, policyProblems, reviewerProblems } from './run/policy-input.ts'
export type { ClosingReport, ConflictReport, ScopeReport, StatusReport, StatusRow, TaskReport } from './run/reports.ts'
export { systemClock } from './run/system-clock.ts'
export { withRuns } from './run/with-runs.ts'
