import type { BadFile } from './bad-input.ts'

/** `orch plan` tells it as it is; `orch add` adds that nothing was added. */
const calls = [['plan', 'tasks.yaml']]
const yaml = (text: string | Uint8Array) => ({ 'tasks.yaml': text })

export const badTaskFiles: readonly BadFile[] = [
  {
    input: 'tasks that wait for each other',
    files: yaml('- { id: a, dependsOn: [b] }\n- { id: b, stackedOn: c }\n- { id: c, dependsOn: [a] }\n'),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has a problem
  these tasks wait for each other, so none can start: a → b → c → a`,
  },
  {
    input: 'tasks with two circles',
    files: yaml(
      '- { id: a, dependsOn: [b] }\n- { id: b, dependsOn: [c, a] }\n- { id: c, follows: [style] }\n- { id: d, establishes: style, dependsOn: [b] }\n',
    ),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has 2 problems
  these tasks wait for each other, so none can start: a → b → a
  these tasks wait for each other, so none can start: b → c → d → b`,
  },
  {
    input: 'groups that wait for each other',
    files: yaml(
      '- { id: a1, group: api }\n- { id: u1, group: ui, dependsOn: [a1] }\n- { id: a2, group: api, dependsOn: [u1] }\n- { id: u2, group: ui }\n',
    ),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has a problem
  the groups api and ui wait for each other, so neither can be done as a whole before the other: a2 → u1 → a1`,
  },
  {
    input: 'a stack across a sync point',
    files: yaml(
      '- { id: schema }\n- { id: merge, kind: sync, dependsOn: [schema] }\n- { id: api, stackedOn: schema, dependsOn: [merge] }\n',
    ),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has a problem
  api is stacked on schema, which has landed before the sync point merge that it waits for`,
  },
  {
    input: 'numbers that cannot be',
    files: yaml('- { id: a, resources: { database: -1 } }\n- { id: b, minutes: .inf }\n'),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has 2 problems
  a: \`resources\` must give each resource a positive number
  b: \`minutes\` must be a number that is not negative`,
  },
  {
    input: 'a task that waits for itself',
    files: yaml('- { id: a, dependsOn: [a] }\n'),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has a problem
  a depends on itself`,
  },
  {
    input: 'one id twice',
    files: yaml('- { id: a }\n- { id: a }\n'),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has a problem
  more than one task has the id a`,
  },
  {
    input: 'a dependency that is nowhere',
    files: yaml('- { id: a, dependsOn: [b] }\n- { id: c, follows: [style] }\n'),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has 2 problems
  a depends on b, which does not exist
  c follows the pattern style, which no task establishes`,
  },
  {
    input: 'a scope outside of the repository',
    files: yaml('- { id: a, writes: [../x] }\n- { id: b, writes: [/etc/passwd] }\n- { id: c, reads: [src/../../x] }\n'),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has 3 problems
  the pattern ../x of a cannot be used: \`..\` leaves the root of the repository
  the pattern /etc/passwd of b cannot be used: it is absolute; write it from the root of the repository
  the pattern src/../../x of c cannot be used: \`..\` leaves the root of the repository`,
  },
  {
    input: 'a scope of another system',
    files: yaml("- { id: a, writes: ['C:\\src\\x'] }\n"),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has a problem
  the pattern C:\\src\\x of a cannot be used: a \`\\\` only goes before a special character; separate folders with \`/\``,
  },
  {
    input: 'a NUL, an escape sequence, a turn of the writing direction and a space without width in ids',
    files: yaml('- id: "a\\0b"\n- id: "\\e[31mred"\n- id: "a\\u202Eb"\n- id: "a\\u200Bb"\n'),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has 4 problems
  the id a\\u{0}b holds characters that nobody sees
  the id \\u{1b}[31mred holds characters that nobody sees
  the id a\\u{202e}b holds characters that nobody sees
  the id a\\u{200b}b holds characters that nobody sees`,
  },
  {
    input: 'a NUL byte',
    files: yaml('- { id: a\0b }\n'),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has a problem
  the id a\\u{0}b holds characters that nobody sees`,
  },
  {
    input: 'ids that are empty, too long, or no text',
    files: yaml(`- id: ' '\n- id: ${'x'.repeat(201)}\n- id: true\n- title: none\n- text\n`),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has 5 problems
  task number 1 has an empty \`id\`
  task number 2: \`id\` must be a text or a whole number, up to 200 characters long
  task number 3: \`id\` must be a text or a whole number, up to 200 characters long
  task number 4: it has no \`id\`
  task number 5 must be an object with an \`id\``,
  },
  {
    input: 'keys that reach for what every object has',
    files: yaml('- { id: a, __proto__: { hold: true }, constructor: 1 }\n- { id: b, resources: { __proto__: 1 } }\n'),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has 3 problems
  a: unknown field \`__proto__\`; the fields are id, title, body, kind, epic, dependsOn, stackedOn, writes, reads, group, layer, role, feature, establishes, follows, resources, hold, priority, minutes
  a: unknown field \`constructor\`; the fields are id, title, body, kind, epic, dependsOn, stackedOn, writes, reads, group, layer, role, feature, establishes, follows, resources, hold, priority, minutes
  b: \`__proto__\` cannot name a resource`,
  },
  {
    input: 'a misspelt field, and tasks in a circle, all at once',
    files: yaml('- { id: a, titel: x }\n- { id: b, dependsOn: [c] }\n- { id: c, dependsOn: [a, b, d] }\n'),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has 3 problems
  a: unknown field \`titel\`; did you mean \`title\`?
  c depends on d, which does not exist
  these tasks wait for each other, so none can start: b → c → b`,
  },
  {
    input: 'numbers that are none',
    files: yaml('- { id: a, minutes: .inf }\n- { id: b, minutes: .nan }\n- { id: c, priority: -1 }\n'),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has 3 problems
  a: \`minutes\` must be a number that is not negative
  b: \`minutes\` must be a number that is not negative
  c: \`priority\` must be a number that is not negative`,
  },
  {
    input: 'an empty file',
    files: yaml(''),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has a problem
  the tasks must be a list, or an object with the list \`tasks\``,
  },
  {
    input: 'a file of another kind',
    files: yaml('name: x\n'),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has 2 problems
  unknown field \`name\`; the fields are tasks, epic
  the tasks must be a list, or an object with the list \`tasks\``,
  },
]
