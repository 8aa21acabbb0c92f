import type { Box, SaidWait } from '../picture.ts'

/** What the script of the page knows of the tasks, by number. */
export interface PageData {
  readonly tasks: readonly PageTask[]
  /** From which task to which. */
  readonly arrows: readonly (readonly [number, number])[]
}

/** A box of the picture, with all that its batch is known by. */
export interface PageTask extends Omit<Box, 'batch' | 'waits'> {
  readonly batch: { readonly name: string; readonly reason: string } | null
  readonly waits: readonly Pick<SaidWait, 'on' | 'says'>[]
}
