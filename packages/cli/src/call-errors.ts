import type { Explained } from '@orch/core'

/** What can be wrong with the call itself, beside what core knows: the code of a `UsageError`. */
export const callErrors = {
  usage: {
    when: 'The command, an option or an argument is none that the command has.',
    help: 'Use what is suggested; `orch COMMAND --help` has examples.',
  },
  'no-file': {
    when: 'The file with the tasks does not exist.',
    help: 'Check the path: it is relative to `-C`, or to where you are.',
  },
  'not-a-file': {
    when: 'What is to be read as tasks is a directory, a pipe or a device.',
    help: 'Write the tasks into a file.',
  },
  'unreadable-file': {
    when: 'The file with the tasks may not be read, or is no text in UTF-8.',
    help: 'Change its permissions, or save it as UTF-8.',
  },
  'file-too-large': {
    when: 'The file with the tasks is larger than 5 MB.',
    help: 'Split it and add the parts one after the other.',
  },
  'unwritable-file': {
    when: 'What was to be written into a file could not be: its folder is missing, it may not be written, or it is what is read.',
    help: 'Check the path and its permissions.',
  },
  'no-turn': {
    when: '`orch tell` was called by somebody else than an agent: the environment has no `ORCH_OUTBOX`.',
    help: 'Nothing; people answer with `orch guide` and see with `orch status`.',
  },
  'report-refused': {
    when: 'What an agent tells is too long, or its turn is over and nobody reads it any more.',
    help: 'Say it shorter; after a stop there is nothing left to tell.',
  },
} as const satisfies Record<string, Explained>

export type CallErrorCode = keyof typeof callErrors
