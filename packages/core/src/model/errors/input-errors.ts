import type { Explained } from './explained.ts'

/** Thrown for tasks, configuration and requests that cannot be used as they are. */
export const inputErrors = {
  'invalid-tasks': {
    when: 'Tasks cannot be used; the problems say what is wrong with which of them. Nothing was added.',
    help: 'Mend every problem that is listed and call again: all of them are told at once.',
  },
  'task-exists': {
    when: 'A task with this id is there already and says something else. Nothing was added.',
    help: 'Give the new task another id; or cancel the old one first.',
  },
  'read-only-source': {
    when: 'The queue reads its tasks from a tracker that takes none from here.',
    help: 'Add the task in the tracker.',
  },
  'invalid-configuration': {
    when: 'The configuration says something that it cannot say; the problems name path and value.',
    help: 'Mend every problem that is listed; the README has an example of each choice.',
  },
  'unloadable-configuration': {
    when: 'The configuration cannot be read or run: no permission, an exception, or no default export.',
    help: 'Mend what the message quotes; `node orch.config.js` shows where a program fails.',
  },
  'unusable-adapter': {
    when: 'An adapter that the configuration names is not installed, or is none for this port.',
    help: 'Install the package beside the configuration, or name another one.',
  },
  'no-agent': {
    when: '`orch run` was called and no configuration says which program does the tasks.',
    help: 'Set `agent` in the configuration; `orch init` writes one with the agents that it finds.',
  },
  'invalid-branch': {
    when: 'A text cannot be the name of a git branch.',
    help: 'Choose a name that `git check-ref-format --branch NAME` accepts.',
  },
  'unknown-task': {
    when: 'No task has this id.',
    help: '`orch status` lists the ids; an id that begins with `-` stands behind `--`.',
  },
  'task-closed': {
    when: 'The request is for a task that is closed, cancelled or landed already.',
    help: '`orch retry TASK` opens a closed task again.',
  },
  'task-stuck': {
    when: 'The request needs an answer to the task’s question first.',
    help: 'Answer with `orch guide TASK "…"`; `orch show TASK` shows the question.',
  },
  'task-not-ready': {
    when: 'The request does not fit where the task is: it has not been tried yet, its agent is not done, or it is not on hold, paused or taken.',
    help: 'Let `orch run` work on; `orch status` says where the task is.',
  },
  'task-taken': {
    when: 'A person works in the workspace of the task.',
    help: 'Hand it back with `orch give TASK` first, or give it up with `orch cancel TASK`.',
  },
  'unknown-kept': {
    when: 'Nothing is kept under this name, or several things are; or it cannot be read or restored by git.',
    help: '`orch kept list` has the names; the beginning of one is enough where it is the only one that begins so.',
  },
  'not-restored': {
    when: 'Kept work could not be restored to this branch or directory: it is there already, or git cannot have it. Nothing was changed.',
    help: 'Name another one: `orch kept restore TASK --branch NAME` or `--to DIRECTORY`.',
  },
} as const satisfies Record<string, Explained>
