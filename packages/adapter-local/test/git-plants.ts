import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestRepository, write } from './git-repository.ts'

/** Something that an agent plants, and a git command of the user's that it takes in. */
export interface Plant {
  readonly name: string
  readonly plant: (repository: TestRepository, program: string, workspace: string) => void
  /** What a person would run; it must run the program, or the plant proves nothing. */
  readonly control: (repository: TestRepository, workspace: string) => void
}

export const attributes = '* filter=evil diff=evil merge=evil\n'

export function plantHooks(directory: string, program: string): void {
  mkdirSync(directory, { recursive: true })
  const names = [
    'post-checkout',
    'reference-transaction',
    'pre-commit',
    'commit-msg',
    'post-commit',
    'post-index-change',
    'post-merge',
  ]
  for (const name of names) {
    cpSync(program, join(directory, name))
    chmodSync(join(directory, name), 0o755)
  }
}

const touch = (workspace: string) => write(workspace, { 'src/touched.txt': `${Math.random()}\n` })

export const plants: readonly Plant[] = [
  {
    name: 'a file system monitor',
    plant: (repository, program) => repository.git(['config', 'core.fsmonitor', program]),
    control: (repository) => repository.works(['status']),
  },
  {
    name: 'a file system monitor in an included file',
    plant(repository, program) {
      const included = join(repository.common, 'included')
      writeFileSync(included, `[core]\n\tfsmonitor = ${program}\n`)
      repository.git(['config', 'include.path', included])
    },
    control: (repository) => repository.works(['status']),
  },
  {
    name: "a file system monitor in the worktree's own configuration",
    plant(repository, program, workspace) {
      repository.git(['config', 'extensions.worktreeConfig', 'true'])
      repository.git(['config', '--worktree', 'core.fsmonitor', program], workspace)
    },
    control: (repository, workspace) => repository.works(['status'], workspace),
  },
  {
    name: 'hooks in the repository',
    plant: (repository, program) => plantHooks(join(repository.common, 'hooks'), program),
    control: (repository) => repository.works(['update-ref', 'refs/canary', 'HEAD']),
  },
  {
    name: 'hooks elsewhere',
    plant(repository, program) {
      plantHooks(join(repository.folder, 'hooks'), program)
      repository.git(['config', 'core.hooksPath', join(repository.folder, 'hooks')])
    },
    control: (repository) => repository.works(['update-ref', 'refs/canary', 'HEAD']),
  },
  ...(['clean', 'smudge', 'process'] as const).map((kind) => ({
    name: `a ${kind} filter`,
    plant(repository: TestRepository, program: string, workspace: string) {
      repository.git(['config', `filter.evil.${kind}`, program])
      write(workspace, { '.gitattributes': attributes })
    },
    control(repository: TestRepository, workspace: string) {
      touch(workspace)
      repository.works(['add', '-A'], workspace)
      repository.works(['checkout', '--', '.'], workspace)
      write(workspace, { 'src/a.txt': null })
      repository.works(['checkout', '--', 'src/a.txt'], workspace)
    },
  })),
  {
    name: "a filter by the repository's own attributes",
    plant(repository, program) {
      repository.git(['config', 'filter.evil.clean', program])
      repository.git(['config', 'filter.evil.smudge', program])
      mkdirSync(join(repository.common, 'info'), { recursive: true })
      writeFileSync(join(repository.common, 'info', 'attributes'), attributes)
    },
    control(repository, workspace) {
      touch(workspace)
      repository.works(['add', '-A'], workspace)
    },
  },
  {
    name: 'a filter by an attributes file that the configuration names',
    plant(repository, program) {
      repository.git(['config', 'filter.evil.clean', program])
      writeFileSync(join(repository.folder, 'attributes'), attributes)
      repository.git(['config', 'core.attributesFile', join(repository.folder, 'attributes')])
    },
    control(repository, workspace) {
      touch(workspace)
      repository.works(['add', '-A'], workspace)
    },
  },
  {
    name: 'a merge driver',
    plant(repository, program, workspace) {
      repository.git(['config', 'merge.evil.driver', program])
      write(workspace, { '.gitattributes': attributes })
    },
    control(repository) {
      repository.git(['checkout', '-q', '-b', 'control', 'HEAD~1'])
      repository.commit({ '.gitattributes': attributes, 'src/both.txt': '1\n2\n3\n4\n5\nx\n' })
      repository.works(['merge', 'main'])
    },
  },
  {
    name: 'programs that show differences',
    plant(repository, program, workspace) {
      repository.git(['config', 'diff.external', program])
      repository.git(['config', 'diff.evil.textconv', program])
      repository.git(['config', 'diff.evil.command', program])
      write(workspace, { '.gitattributes': attributes })
    },
    control(repository, workspace) {
      write(workspace, { 'src/a.txt': `${Math.random()}\n` })
      repository.works(['diff'], workspace)
    },
  },
  {
    name: 'a program that signs',
    plant(repository, program) {
      repository.git(['config', 'gpg.program', program])
      repository.git(['config', 'commit.gpgSign', 'true'])
    },
    control: (repository) => repository.works(['commit', '--allow-empty', '-m', 'signed']),
  },
  {
    name: 'a remote that promises objects',
    plant(repository, program) {
      repository.git(['config', 'core.repositoryFormatVersion', '1'])
      repository.git(['config', 'extensions.partialClone', 'evil'])
      repository.git(['config', 'remote.evil.url', `ext::${program}`])
      repository.git(['config', 'remote.evil.promisor', 'true'])
      repository.git(['config', 'protocol.ext.allow', 'always'])
    },
    control: (repository) => repository.works(['cat-file', '-p', '1234567890123456789012345678901234567890']),
  },
  {
    name: 'a .git file that leads elsewhere',
    plant(repository, program, workspace) {
      const elsewhere = join(repository.folder, 'elsewhere')
      repository.git(['init', '-q', elsewhere], repository.folder)
      repository.git(['config', 'core.fsmonitor', program], elsewhere)
      plantHooks(join(elsewhere, '.git', 'hooks'), program)
      writeFileSync(join(workspace, '.git'), `gitdir: ${join(elsewhere, '.git')}\n`)
    },
    control: (repository, workspace) => repository.works(['status'], workspace),
  },
]
