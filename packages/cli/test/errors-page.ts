import { type Explained, errorList, findings } from '@orch/core'
import { callErrors } from '../src/call-errors.ts'
import { failureExit } from '../src/failure-exit.ts'
import { badCalls } from './bad-input/bad-calls.ts'
import { badConfigurations } from './bad-input/bad-configurations.ts'
import type { BadInput } from './bad-input/bad-input.ts'
import { badRepositories } from './bad-input/bad-repositories.ts'
import { badTaskFiles } from './bad-input/bad-task-files.ts'
import { badTexts } from './bad-input/bad-texts.ts'
import { unreadableFiles } from './bad-input/unreadable-files.ts'

/** `docs/errors.md`, made from the list of errors: nothing in it is written by hand. */
export function errorsPage(): string {
  const thrown = { ...callErrors, ...errorList.thrown }
  const exits: Readonly<Record<string, number>> = failureExit
  return `${[
    '# Errors',
    'Made from the lists in `packages/core/src/model/errors` by `pnpm errors`; `pnpm check` tells when it is out of date.',
    '## What ends a command',
    'With `--json` a command that fails prints `{ "error": { "code", "message", "problems" } }`. In a script the same is an `OrchError` with' +
      ' `code`, `problems` and `retryable`.',
    table(
      ['code', 'when', 'what to do', 'exit'],
      rows(thrown, (code) => [String(exits[code])]),
    ),
    '## Bad inputs, and what is printed',
    'Each of these is called in the tests of `@orch/cli`, and this is what they expect, word for word, on stderr behind `orch: `. Every one' +
      ' leaves the repository as it is, byte for byte, and adds nothing. DIRECTORY stands for where the command is called.',
    '### Repositories',
    inputTable(badRepositories),
    '### Task files',
    'Every one is given to `orch add`, too, which says the same, and that nothing was added.',
    inputTable([...badTaskFiles, ...badTexts, ...unreadableFiles]),
    '### Configurations',
    inputTable(badConfigurations),
    '### Calls',
    inputTable(badCalls),
    '## What is wrong with an input',
    'The `code` of each of the `problems`. All of them are told at once.',
    table(['problem', 'when', 'what to do'], rows(errorList.problems)),
    '## What a plan warns of',
    table(['warning', 'when', 'what to do'], rows(errorList.warnings)),
    '## Why something did not work',
    'The `reason` of what is tried while tasks run. Most of them pass by themselves; a task that needs you is stuck, and `orch show TASK` tells why.',
    table(['reason', 'when', 'what to do'], rows(errorList.reasons)),
    '## What `orch doctor` finds',
    'Who has to do something: nobody, the next `orch run` by itself, `orch doctor --fix`, or a person.',
    table(
      ['finding', 'why it matters', 'what `orch run` does', 'what `--fix` does', 'who'],
      Object.entries(findings).map(([code, { why, run, fix, needs }]) => [
        `\`${code}\``,
        why,
        run,
        fix ?? 'nothing',
        `${needs}`,
      ]),
    ),
  ].join('\n\n')}\n`
}

function inputTable(inputs: readonly BadInput[]): string {
  const lines = inputs.map(({ input, calls, printed, code, exit = 2 }) => [
    input,
    calls.map((words) => `\`orch ${words.join(' ')}\``).join(', '),
    printed.split('\n').map(printedLine).join('<br>'),
    `\`${code}\``,
    String(exit),
  ])
  return table(['input', 'call', 'what is printed', 'code', 'exit'], lines)
}

/** Text in which Markdown finds nothing to read, with its indentation. */
function printedLine(line: string): string {
  const [, indentation = '', text = ''] = /^( *)(.*)$/.exec(line) ?? []
  const escaped = text
    .replaceAll(/[\\`*_<>[\]#~]/g, '\\$&')
    .replaceAll(/ {2,}/g, (spaces) => '&nbsp;'.repeat(spaces.length))
  return '&nbsp;'.repeat(indentation.length) + escaped
}

function rows(list: Readonly<Record<string, Explained>>, more: (code: string) => string[] = () => []): string[][] {
  return Object.entries(list).map(([code, { when, help }]) => [`\`${code}\``, when, help, ...more(code)])
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n')
}
