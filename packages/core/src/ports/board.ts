/** News for everybody and a log of decisions. At least once per key; no decision depends on it. */
export interface Board {
  /** Posts a bulletin. */
  post(options: {
    readonly key: string
    readonly author: string
    readonly text: string
    readonly signal: AbortSignal
  }): Promise<void>
  /** Adds to the log. */
  note(options: {
    readonly key: string
    readonly tag: 'decision' | 'blocked' | 'landed'
    readonly text: string
    readonly signal: AbortSignal
  }): Promise<void>
  /** Bulletins and log entries, oldest first. */
  read?(options: { readonly signal: AbortSignal }): Promise<readonly BoardEntry[]>
  /** Takes a bulletin down. */
  clear?(options: { readonly key: string; readonly signal: AbortSignal }): Promise<void>
}

export interface BoardEntry {
  readonly key: string
  readonly kind: 'bulletin' | 'decision' | 'blocked' | 'landed'
  readonly author: string
  readonly text: string
  /** Wall clock, ISO 8601. */
  readonly at: string
}
