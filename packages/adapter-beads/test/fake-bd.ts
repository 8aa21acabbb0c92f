import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { recorded } from './recorded.ts'

/** What a call ends with. */
export interface Answer {
  /** With STDIN in the place of what the last write was given. */
  readonly stdout?: string
  readonly stderr?: string
  readonly exit?: number
  /** It never ends, and neither does what it started. */
  readonly hangs?: boolean
}

export interface FakeBd {
  readonly directory: string
  readonly program: string
  /** What the next calls of a verb answer, one after the other; the last one goes on. */
  answer(verb: string, ...answers: readonly Answer[]): void
  /** The command lines so far. */
  calls(): readonly string[]
  /** Process numbers of what hung. */
  hung(): readonly number[]
}

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A `bd` that says what a real one has said, or what a test wants it to say; by default of a database with the recorded issues. */
export function fakeBd(): FakeBd {
  const directory = mkdtempSync(join(tmpdir(), 'orch-fake-bd-'))
  folders.push(directory)
  mkdirSync(join(directory, 'answers'))
  const program = join(directory, 'bd')
  writeFileSync(program, script)
  chmodSync(program, 0o755)
  const answer: FakeBd['answer'] = (verb, ...answers) => {
    rmSync(join(directory, 'answers', `${verb}.count`), { force: true })
    for (const [index, { stdout = '', stderr = '', exit = 0, hangs = false }] of answers.entries()) {
      const base = join(directory, 'answers', `${verb}.${index}`)
      writeFileSync(`${base}.out`, stdout)
      writeFileSync(`${base}.err`, stderr)
      writeFileSync(`${base}.exit`, hangs ? 'hangs' : String(exit))
    }
    writeFileSync(join(directory, 'answers', `${verb}.last`), String(answers.length - 1))
  }
  answer('context', { stdout: recorded('context.json') })
  answer('where', { stdout: recorded('where.json') })
  answer('ping', { stdout: recorded('ping.json') })
  answer('list', { stdout: recorded('list-all.json') })
  const lines = (name: string): readonly string[] => {
    try {
      return readFileSync(join(directory, name), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    } catch {
      return [] // none yet
    }
  }
  return {
    directory,
    program,
    answer,
    calls: () => lines('calls'),
    hung: () => lines('hung').map(Number),
  }
}

const script = `#!/bin/sh
here=$(dirname "$0")
printf '%s\\n' "$*" >> "$here/calls"
verb=$1
count=$(cat "$here/answers/$verb.count" 2>/dev/null || echo 0)
last=$(cat "$here/answers/$verb.last" 2>/dev/null) || { echo "no answer for $verb" >&2; exit 99; }
[ "$count" -lt "$last" ] && echo $((count + 1)) > "$here/answers/$verb.count"
[ "$count" -gt "$last" ] && count=$last
base=$here/answers/$verb.$count
case $* in *@/dev/stdin*) cat > "$here/stdin" ;; esac
if [ "$(cat "$base.exit")" = hangs ]; then
  trap '' TERM
  sleep 600 & echo $! >> "$here/hung"
  echo $$ >> "$here/hung"
  wait
fi
out=$(cat "$base.out")
case $out in
  *STDIN*) printf '%s' "\${out%%STDIN*}"; cat "$here/stdin"; printf '%s' "\${out#*STDIN}" ;;
  *) cat "$base.out" ;;
esac
cat "$base.err" >&2
exit "$(cat "$base.exit")"
`
