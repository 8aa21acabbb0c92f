import type { Explained } from './explained.ts'

/** One thing that is wrong with an input; an error carries all of them. */
export const problems = {
  syntax: {
    when: 'The file is not valid YAML or JSON.',
    help: 'Mend the line that is shown.',
  },
  'too-many-aliases': {
    when: 'The file repeats its anchors so often that it would grow without end.',
    help: 'Write out what is repeated.',
  },
  'too-deep': {
    when: 'The file nests lists or objects some hundred times.',
    help: 'Nothing that is read needs that; check what made the file.',
  },
  'missing-field': {
    when: 'A field that is needed is not there.',
    help: 'Add it.',
  },
  'unknown-field': {
    when: 'A field has a name that means nothing; it would silently be ignored.',
    help: 'Use the name that is suggested, or take the field out.',
  },
  'invalid-field': {
    when: 'A field of a task holds something else than it may.',
    help: 'Write what the message asks for.',
  },
  'invalid-value': {
    when: 'A choice of the configuration has a value that it cannot have.',
    help: 'Write what the message asks for.',
  },
  'invalid-id': {
    when: 'An id is empty, longer than 200 characters, or holds characters that nobody sees.',
    help: 'Choose another id.',
  },
  'duplicate-id': {
    when: 'Two tasks have one id.',
    help: 'Rename one of them.',
  },
  'task-exists': {
    when: 'A task with this id is stored already and says something else.',
    help: 'Use another id; what is stored is never overwritten.',
  },
  'self-dependency': {
    when: 'A task waits for itself.',
    help: 'Take the reference out.',
  },
  'unknown-dependency': {
    when: 'A task waits for one that does not exist.',
    help: 'Correct the id, or add that task too.',
  },
  cycle: {
    when: 'Tasks wait for each other in a circle, so none can start.',
    help: 'Take one of the references of the circle out.',
  },
  'group-cycle': {
    when: 'Two groups wait for tasks of each other, so neither can be done as a whole before the other.',
    help: 'Take one of the references of the path out, move a task to the other group, or split a group in two.',
  },
  'stack-crosses-sync': {
    when: 'A task is stacked on one that has landed before a sync point which it waits for, so there is no branch left to start on.',
    help: 'Take `stackedOn` out: it starts on what has landed by then.',
  },
  'invalid-number': {
    when: 'Minutes or priority is no number, negative, or endless.',
    help: 'Write a number from 0.',
  },
  'invalid-resource': {
    when: 'A task asks for a number of a resource that is not positive.',
    help: 'Write a number above 0.',
  },
  'demand-above-capacity': {
    when: 'A task asks for more of a resource than there is, so it could never start. A resource that the policy does not name has 1 unit.',
    help: 'Ask for less, or raise the number in `policy.resources`.',
  },
  'invalid-glob': {
    when: 'A pattern of `writes` or `reads` is none that we can decide about.',
    help: 'Rewrite it as the message says: `*`, `**`, `?`, `[a-z]` and `{a,b}` are understood.',
  },
  'outside-repository': {
    when: 'A pattern of `writes` or `reads` leaves the repository.',
    help: 'Write it from the root of the repository, without a leading `/` and without `..`.',
  },
  'duplicate-pattern': {
    when: 'Two tasks establish one pattern.',
    help: 'Let one of them follow it.',
  },
  'unknown-pattern': {
    when: 'A task follows a pattern that no task establishes.',
    help: 'Correct its name, or add the task that establishes it.',
  },
} as const satisfies Record<string, Explained>
