import type { BadFile } from './bad-input.ts'

const calls = [['plan', 'tasks.yaml']]
const yaml = (text: string | Uint8Array) => ({ 'tasks.yaml': text })

/** Files that are not even looked into. */
export const unreadableFiles: readonly BadFile[] = [
  {
    input: '10 MB of YAML',
    files: yaml('- { id: a, title: some text }\n'.repeat(350_000)),
    code: 'file-too-large',
    calls,
    printed: 'tasks.yaml has 10.0 MB; a task file may have 5 MB. Split it and add the parts one after the other.',
  },
  {
    input: 'a file in UTF-16',
    files: yaml(Buffer.from('\uFEFF- id: a\n', 'utf16le')),
    code: 'unreadable-file',
    calls,
    printed: 'tasks.yaml is no text in UTF-8: it looks like UTF-16. Save it as UTF-8.',
  },
  {
    input: 'a file in Latin-1',
    files: yaml(Buffer.from('- id: a\n  title: caf\u00e9\n', 'latin1')),
    code: 'unreadable-file',
    calls,
    printed: 'tasks.yaml is no text in UTF-8: line 2 holds bytes that are none. Save it as UTF-8.',
  },
  {
    input: 'a file that is not there',
    files: {},
    code: 'no-file',
    calls,
    printed: 'There is no file tasks.yaml. The path counts from -C, or from where you are.',
  },
  {
    input: 'a directory',
    files: { 'tasks.yaml/x': '' },
    code: 'not-a-file',
    calls,
    printed: 'tasks.yaml is no file; write the tasks into one.',
  },
  {
    input: 'a device that never ends',
    files: {},
    code: 'not-a-file',
    calls: [['plan', '/dev/zero']],
    printed: '/dev/zero is no file; write the tasks into one.',
  },
]
