import type { Oid } from './run-state.ts'

/** A change request as its host shows it. */
export interface Review {
  readonly url: string
  readonly head: Oid
  readonly state: 'open' | 'approved' | 'changes-requested' | 'merged' | 'closed'
  /** Of one that is merged: what the branch that it was for then held. Absent where the host does not tell. */
  readonly commit?: Oid
}
