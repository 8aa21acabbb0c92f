import type { BadFile } from './bad-input.ts'

/** `orch plan` tells it as it is; `orch add` adds that nothing was added. */
const calls = [['plan', 'tasks.yaml']]
const yaml = (text: string | Uint8Array) => ({ 'tasks.yaml': text })
const level = (name: string, of: string) => `${name}: &${name} [${Array(9).fill(`*${of}`).join(', ')}]\n`

/** Task files that are no YAML or JSON, or more than we read of it. */
export const badTexts: readonly BadFile[] = [
  {
    input: 'both sides of a merge',
    files: yaml('- id: a\n<<<<<<< HEAD\n  title: mine\n=======\n  title: theirs\n>>>>>>> topic\n'),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has a problem
  tasks.yaml:2:1: both sides of a merge are here; keep one of them and take the lines <<<<<<<, ======= and >>>>>>> out
    <<<<<<< HEAD
    ^`,
  },
  {
    input: 'tabs as indentation',
    files: yaml('- id: a\n\twrites: [x]\n'),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has a problem
  tasks.yaml:2:2: Unexpected scalar at node end; the line begins with a tab, and YAML is indented with spaces
      writes: [x]
     ^`,
  },
  {
    input: 'a key twice',
    files: yaml('- id: a\n  id: b\n'),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has a problem
  tasks.yaml:2:3: the key id is here twice
      id: b
      ^`,
  },
  {
    input: 'a list as a key',
    files: yaml('? [a, b]\n: 1\n'),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has a problem
  tasks.yaml:1:3: a key must be a text
    ? [a, b]
      ^`,
  },
  {
    input: 'merge keys, which YAML 1.2 does not have',
    files: yaml('- &a { id: a }\n- { <<: *a, id: b }\n'),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has a problem
  b: unknown field \`<<\`; merge keys are not read, write the fields out`,
  },
  {
    input: 'a tag that would run a program elsewhere',
    files: yaml('- id: !!js/function "function () {}"\n'),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has a problem
  tasks.yaml:1:7: Unresolved tag: tag:yaml.org,2002:js/function
    - id: !!js/function "function () {}"
          ^`,
  },
  {
    input: 'a second document',
    files: yaml('- id: a\n---\n- id: b\n'),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has a problem
  tasks.yaml:2:1: a second document begins here; one per file is read
    ---
    ^`,
  },
  {
    input: 'an alias bomb',
    files: yaml(
      `a: &a [x, x]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name, at) => level(name, 'abcdefgh'[at] ?? 'a')).join('')}`,
    ),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has a problem
  tasks.yaml:1:1: anchors are repeated too often (one name may be used 100 times, and a file may have 2000); write them out
    a: &a [x, x]
    ^`,
  },
  {
    input: 'an alias of something that is nowhere',
    files: yaml('- *a\n'),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has a problem
  tasks.yaml:1:3: there is no anchor &a before this
    - *a
      ^`,
  },
  {
    input: 'a nesting without end',
    files: yaml('['.repeat(20_000)),
    code: 'invalid-tasks',
    calls,
    printed: `tasks.yaml has a problem
  tasks.yaml: lists and objects are nested too deeply; nothing that is read needs that`,
  },
  {
    input: 'JSON with a mistake',
    files: { 'tasks.json': '[\n  { "id": "a" "title": "x" }\n]\n' },
    code: 'invalid-tasks',
    calls: [['plan', 'tasks.json']],
    printed: `tasks.json has a problem
  tasks.json:2:15: Unexpected double-quoted-scalar token
      { "id": "a" "title": "x" }
                  ^`,
  },
  {
    input: 'JSON with a key twice',
    files: { 'tasks.json': '[{ "id": "a", "id": "b" }]' },
    code: 'invalid-tasks',
    calls: [['plan', 'tasks.json']],
    printed: `tasks.json has a problem
  tasks.json:1:15: the key id is here twice
    [{ "id": "a", "id": "b" }]
                  ^`,
  },
  {
    input: 'JSON with keys that reach for what every object has, and half of a character in an id',
    files: { 'tasks.json': '[{ "id": "a", "__proto__": { "hold": true } }, { "id": "\\ud800" }]' },
    code: 'invalid-tasks',
    calls: [['plan', 'tasks.json']],
    printed: `tasks.json has 2 problems
  a: unknown field \`__proto__\`; the fields are id, title, body, kind, epic, dependsOn, stackedOn, writes, reads, group, layer, role, feature, establishes, follows, resources, hold, priority, minutes
  the id \\u{d800} holds characters that nobody sees`,
  },
]
