export type { Problem } from '../model/error.ts'
export { forTeam, type PresetName, policyOf, presets } from '../model/policy.ts'
export { type NewTask, type Task, taskOf } from '../model/task.ts'
export { type CheckOptions, checkTasks } from './check.ts'
export {
  type ChangeRule,
  type CoChange,
  type CoChangeOptions,
  coChange,
  type LikelyPair,
  type SuggestedScope,
  type SuggestOptions,
  sayRule,
} from './co-change.ts'
export { type CommonFiles, type CommonFilesOptions, commonFiles } from './common-files.ts'
export { type DrawOptions, drawPlan } from './draw.ts'
export { explain, sayBound, sayWait } from './explain.ts'
export type { Chunks } from './git-log.ts'
export { type HistoryHints, historyHints, type LikelyOverlap, type ScopeSuggestion } from './history-hints.ts'
export { type Overlap, overlap } from './overlap.ts'
export type { Batch, Plan, PlannedTask, PlanPolicy, PlanWarning, Ready, Standing, Wait } from './plan.ts'
export { type PlanChoices, type PlanOptions, planTasks } from './plan-tasks.ts'
export { type ReadyOptions, ready } from './ready.ts'
export { covers, type ScopeOptions } from './scope.ts'
export { type DoneTask, type ScopeScore, type ScopeScores, scoreScopes, type TaskScore } from './score-scopes.ts'
export { type Comparison, type PlanChange, type PlanInput, whatIf } from './what-if.ts'
