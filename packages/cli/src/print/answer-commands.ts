import type { StatusRow } from '@orch/core'
import { shellWord } from './plain.ts'

/** What a person can type to get a stuck task going again, the most likely first. */
export function answerCommands(row: Pick<StatusRow, 'id' | 'options'>): readonly string[] {
  const id = shellWord(row.id)
  const guide = `orch guide ${id} "…"`
  const commands: Readonly<Record<string, string>> = {
    guide,
    land: `orch land ${id}`,
    retry: `orch retry ${id}`,
    'retry --fresh': `orch retry --fresh ${id}`,
    cancel: `orch cancel ${id}`,
  }
  // Where orch itself asks, the options are commands; where the agent asks, they are answers.
  const named = row.options.map((option) => commands[option])
  const known = named.filter((command) => command !== undefined)
  return known.length > 0 && known.length === named.length ? known : [guide]
}
