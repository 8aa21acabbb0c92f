import { launchHere } from '../spawn/launch.ts'
import type { Command } from '../spawn/message.ts'
import { spawner } from '../spawn/spawner.ts'

/**
 * Runs one command and writes down how it ended, for nobody in particular: whoever started it may be long dead. A constant; all
 * that varies comes as positional parameters. Portable `sh`: dash, bash, macOS.
 *
 * - The claim is a link to a file that is already written: of two launchers exactly one makes it, and it is never half there.
 * - Its signal handlers do nothing, so it outlives a TERM to its group and can record the exit; the command gets the default ones.
 * - The command runs in the foreground: `&` would make it and all its children ignore SIGINT. In parentheses, so that only it
 *   prints into the log: a shell tells of a command that a signal ended, and dash would tell it there.
 * - Its files are nobody else's to read, whatever the umask, which is the command's to inherit.
 * - The exit status overwrites blanks in place (`<>`), which works on a full disk, and appears under its name in one step.
 */
const script = `
trap : HUP INT QUIT TERM
id=$1 where=$2 claim=$3 prepared=$4 folder=$5
shift 5
say() {
  (echo "$1" >&3) 2>/dev/null
  exec 3>&-
}
if [ -r "/proc/$$/stat" ]; then
  nth() { start=\${20}; }
  read -r line <"/proc/$$/stat"
  set -f
  nth \${line##*) }
else
  start=$(LC_ALL=C TZ=UTC0 ps -o lstart= -p $$)
  set -f
  set_start() { start=$*; }
  set_start $start
fi
(
  umask 077
  echo "1 $$ $id $where $start" >"$prepared/pid" && : >"$prepared/log" && : >"$prepared/events.jsonl" &&
    echo '      ' >"$prepared/exit.new"
) || exit 70
if [ -e "$folder" ] || ! ln "$prepared/pid" "$claim" 2>/dev/null; then
  say taken
  exit 0
fi
mv "$prepared" "$folder" || exit 70
say claimed
(exec "$@") </dev/null >>"$folder/log" 2>&1
code=$?
echo "$code" 1<>"$folder/exit.new" && mv "$folder/exit.new" "$folder/exit"
`

export interface Launch {
  readonly id: string
  /** The host, as `claim.ts` writes it. */
  readonly where: string
  readonly claim: string
  readonly prepared: string
  readonly folder: string
  /** The program as an absolute path (a bare name could be a builtin of the shell), and its arguments. */
  readonly argv: readonly [string, ...string[]]
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
}

/** `silent`: the launcher ended without a word, it was killed or could not write. */
export type Answer = 'claimed' | 'taken' | 'silent'

/**
 * Starts the launcher in a session of its own, where neither our death nor a terminal's Ctrl-C reaches it. Rejects when it cannot be
 * started.
 *
 * @param onEnd hints that it has ended
 */
export async function launch(options: Launch, onEnd: () => void): Promise<Answer> {
  const { id, where, claim, prepared, folder, argv, directory, environment } = options
  const command: Command = {
    file: '/bin/sh',
    argv: ['-c', script, 'orch-launch', id, where, claim, prepared, folder, ...argv],
    directory,
    environment,
  }
  const words = await (spawner()?.launch(command, onEnd) ?? launchHere(command, onEnd))
  const word = words.trim()
  return word === 'claimed' || word === 'taken' ? word : 'silent'
}
