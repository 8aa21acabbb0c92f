import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a real `bd` 1.3.0 has printed: `NAME.json` and `NAME.txt` on stdout, `NAME.stderr.txt` on stderr. */
export function recorded(name: string): string {
  return readFileSync(join(import.meta.dirname, 'recorded', name), 'utf8')
}
