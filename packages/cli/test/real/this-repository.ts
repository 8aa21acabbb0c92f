import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Outside, RealTask } from './scene.ts'
import { theUser } from './scene.ts'

/** Where the repository that holds this file can be cloned from; otherwise why it cannot. */
export function source(): { readonly root: string } | { readonly missing: string } {
  const ask = (word: string): string =>
    execFileSync('git', ['rev-parse', word], { cwd: import.meta.dirname, encoding: 'utf8', stdio: 'pipe' }).trim()
  try {
    const root = ask('--show-toplevel')
    if (ask('--is-shallow-repository') === 'true') return { missing: 'this check-out is shallow: it has no history' }
    return { root }
  } catch {
    return { missing: 'this check-out is no git repository: there is no history to clone' }
  }
}

/** This repository with its history, `main` checked out at the commit that is checked out here. What is not committed does not matter. */
export function cloneOfThis(around: Outside, root: string): string {
  const clone = join(around.folder, 'clone')
  around.git(root, 'clone', '--quiet', '--no-hardlinks', '--no-checkout', root, clone)
  around.git(clone, 'checkout', '--quiet', '--no-track', '-B', 'main')
  // Whether the user has a name is another question, and their commits need one.
  around.git(clone, ...theUser, 'commit', '--quiet', '--allow-empty', '--message', 'Begin')
  return clone
}

/**
 * Ten tasks on files that the repository has, whichever these are: several commits each, changed, new, renamed and removed files, links,
 * work on what another task has left, commits
 * that are amended or thrown away, and remains that nobody committed.
 */
export function tenTasks(around: Outside, root: string): readonly RealTask[] {
  const names = around.git(root, 'ls-files', '--', 'packages/*/src/*.ts').split('\n')
  const file = (index: number): string => names[index * Math.floor(names.length / 12)] ?? 'README.md'
  const said = (task: string, part = 'one'): string => `// ${task} was here, part ${part}\n`
  const note = (task: string, name = 'note'): string => `notes/${task}/${name}.md`
  const edit = (task: string, index: number, part?: string) => ({ append: file(index), text: said(task, part) })
  const write = (task: string, name?: string) => ({ write: note(task, name), text: `What ${task} found.\n` })
  const takes = 150
  return [
    {
      id: 'several-commits',
      writes: [file(0), file(1), 'notes/several-commits'],
      commits: [
        [edit('several-commits', 0)],
        [edit('several-commits', 0, 'two'), edit('several-commits', 1)],
        [write('several-commits')],
      ],
      takes,
    },
    {
      id: 'commits-and-remains',
      writes: [file(2), 'notes/commits-and-remains'],
      commits: [[edit('commits-and-remains', 2)], [write('commits-and-remains')]],
      leaves: [
        edit('commits-and-remains', 2, 'left'),
        write('commits-and-remains', 'left'),
        { write: 'scratch.txt', text: 'mine\n' },
      ],
      takes,
    },
    {
      id: 'on-top',
      writes: [file(0), file(1)],
      dependsOn: ['several-commits'],
      sees: { [file(0)]: said('several-commits', 'two'), [note('several-commits')]: 'What several-commits found' },
      commits: [[edit('on-top', 0)], [edit('on-top', 1)]],
      takes,
    },
    {
      id: 'link-and-program',
      writes: ['notes/link-and-program'],
      commits: [
        [write('link-and-program'), { link: 'notes/link-and-program/link', to: 'note.md' }],
        [{ write: 'notes/link-and-program/run.sh', text: '#!/bin/sh\n', executable: true }],
      ],
      rewrites: true,
      takes,
    },
    {
      id: 'rename-and-remove',
      writes: [file(3), file(4), 'notes/rename-and-remove'],
      commits: [[{ rename: file(3), to: 'notes/rename-and-remove/moved.ts' }], [{ remove: file(4) }]],
      takes,
    },
    {
      id: 'after-two',
      writes: [file(5), 'notes/after-two'],
      dependsOn: ['link-and-program', 'rename-and-remove'],
      sees: { 'notes/link-and-program/link': 'What link-and-program found', 'notes/rename-and-remove/moved.ts': '' },
      commits: [[edit('after-two', 5)], [write('after-two')]],
    },
    {
      id: 'six-commits',
      writes: [file(6)],
      commits: ['a', 'b', 'c', 'd', 'e', 'f'].map((part) => [edit('six-commits', 6, part)]),
      takes,
    },
    {
      id: 'chain-end',
      writes: [file(0), 'notes/chain-end'],
      dependsOn: ['on-top'],
      sees: { [file(0)]: said('on-top') },
      commits: [[edit('chain-end', 0)], [write('chain-end')]],
    },
    {
      id: 'only-remains',
      writes: [file(7), file(8)],
      leaves: [edit('only-remains', 7), edit('only-remains', 8)],
      takes,
    },
    {
      id: 'other-letters',
      writes: [file(9), 'notes/Überraschung'],
      commits: [[{ write: 'notes/Überraschung/日本 "x".md', text: 'ä\n' }], [edit('other-letters', 9)]],
      takes,
    },
  ]
}
