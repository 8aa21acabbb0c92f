import { styleText } from 'node:util'

export type Format = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** How to print on a stream. */
export interface Look {
  /** Columns of the terminal; null where nobody truncates, because a program or a file reads. */
  readonly width: number | null
  readonly style: (format: Format, text: string) => string
}

/** Node decides about colours: a terminal, and what `NO_COLOR` and `FORCE_COLOR` say. */
export function lookOf(stream: NodeJS.WriteStream): Look {
  return {
    // Some terminals do not know, and say 0.
    width: stream.isTTY ? stream.columns || 80 : null,
    style: (format, text) => styleText(format, text, { stream }),
  }
}

/** No colours, no limit. */
export const bare: Look = { width: null, style: (_format, text) => text }
