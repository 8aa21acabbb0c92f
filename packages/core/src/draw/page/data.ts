/** What the script of the page knows of the tasks, by number. */
export interface PageData {
  readonly tasks: readonly PageTask[]
  /** From which task to which. */
  readonly arrows: readonly (readonly [number, number])[]
}

export interface PageTask {
  readonly id: string
  readonly title: string
  readonly kind: 'change' | 'read' | 'sync' | 'manual'
  readonly hold: boolean
  readonly layer: string | null
  readonly writes: readonly string[] | null
  readonly reads: readonly string[]
  readonly start: number
  readonly end: number
  readonly batch: { readonly name: string; readonly reason: string } | null
  readonly critical: boolean
  readonly why: string
  readonly waits: readonly { readonly on: number | null; readonly says: string }[]
}
