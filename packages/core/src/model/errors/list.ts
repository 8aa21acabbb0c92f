import { inputErrors } from './input-errors.ts'
import { outageErrors } from './outage-errors.ts'
import { problems } from './problems.ts'
import { reasons } from './reasons.ts'
import { repositoryErrors } from './repository-errors.ts'
import { warnings } from './warnings.ts'

/** Everything that can go wrong and has a code, by kind. The types of all codes come from here, and so does `docs/errors.md`. */
export const errorList = {
  /** Codes of an `OrchError`. */
  thrown: { ...inputErrors, ...repositoryErrors, ...outageErrors },
  /** Codes of its `problems`. */
  problems,
  /** Codes of a plan's `warnings`. */
  warnings,
  /** The `reason` of a `Result`. */
  reasons,
} as const

/** Every code that an `OrchError` can carry: what a caller may want to tell apart. */
export type OrchErrorCode = keyof typeof errorList.thrown
export type ProblemCode = keyof typeof problems
export type WarningCode = keyof typeof warnings
export type FailureReason = keyof typeof reasons
