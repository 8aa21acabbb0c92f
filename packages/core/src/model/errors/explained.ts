/** What a code means, for people: two sentences that `docs/errors.md` prints. */
export interface Explained {
  /** What happened. */
  readonly when: string
  /** What to do about it. */
  readonly help: string
}
