import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestRepository, write } from './git-repository.ts'

/** Something that an agent plants from within its workspace, and a git command of a person's there that it takes in. */
export interface Plant {
  readonly name: string
  /** Default: both. */
  readonly isolation?: 'worktree' | 'clone'
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

/** Where the workspace's configuration and hooks are: the repository's own, or a clone's. */
export function commonOf(repository: TestRepository, workspace: string): string {
  return repository.git(['rev-parse', '--path-format=absolute', '--git-common-dir'], workspace)
}

const touch = (workspace: string) => write(workspace, { 'src/touched.txt': `${Math.random()}\n` })

function addAndCheckOut(repository: TestRepository, workspace: string): void {
  touch(workspace)
  repository.works(['add', '-A'], workspace)
  repository.works(['checkout', '--', '.'], workspace)
  write(workspace, { 'src/a.txt': null })
  repository.works(['checkout', '--', 'src/a.txt'], workspace)
}

/** Settings that name a program, planted together with whatever else git takes to obey them. */
function settings(
  name: string,
  values: (program: string, workspace: string) => Readonly<Record<string, string>>,
  control: Plant['control'],
): Plant {
  return {
    name,
    plant(repository, program, workspace) {
      for (const [key, value] of Object.entries(values(program, workspace)))
        repository.git(['config', key, value], workspace)
    },
    control,
  }
}

const status: Plant['control'] = (repository, workspace) => repository.works(['status'], workspace)
const fetch: Plant['control'] = (repository, workspace) => repository.works(['fetch', 'evil'], workspace)

export const plants: readonly Plant[] = [
  settings('a file system monitor', (program) => ({ 'core.fsmonitor': program }), status),
  {
    name: 'a file system monitor in an included file',
    plant(repository, program, workspace) {
      write(workspace, { 'src/included': `[core]\n\tfsmonitor = ${program}\n` })
      repository.git(['config', 'include.path', join(workspace, 'src/included')], workspace)
    },
    control: status,
  },
  {
    name: "a file system monitor in the worktree's own configuration",
    plant(repository, program, workspace) {
      repository.git(['config', 'extensions.worktreeConfig', 'true'], workspace)
      repository.git(['config', '--worktree', 'core.fsmonitor', program], workspace)
    },
    control: status,
  },
  {
    name: 'hooks in the repository',
    plant: (repository, program, workspace) => plantHooks(join(commonOf(repository, workspace), 'hooks'), program),
    control: (repository, workspace) => repository.works(['update-ref', 'refs/canary', 'HEAD'], workspace),
  },
  {
    name: 'hooks elsewhere',
    plant(repository, program, workspace) {
      plantHooks(join(repository.folder, 'hooks'), program)
      repository.git(['config', 'core.hooksPath', join(repository.folder, 'hooks')], workspace)
    },
    control: (repository, workspace) => repository.works(['update-ref', 'refs/canary', 'HEAD'], workspace),
  },
  ...(['clean', 'smudge', 'process'] as const).map((kind) => ({
    name: `a ${kind} filter`,
    plant(repository: TestRepository, program: string, workspace: string) {
      repository.git(['config', `filter.evil.${kind}`, program], workspace)
      write(workspace, { '.gitattributes': attributes })
    },
    control: addAndCheckOut,
  })),
  ...(['clean', 'smudge'] as const).map((kind) => ({
    name: `a ${kind} filter by the repository's own attributes`,
    plant(repository: TestRepository, program: string, workspace: string) {
      repository.git(['config', `filter.evil.${kind}`, program], workspace)
      mkdirSync(join(commonOf(repository, workspace), 'info'), { recursive: true })
      writeFileSync(join(commonOf(repository, workspace), 'info', 'attributes'), attributes)
    },
    control: addAndCheckOut,
  })),
  ...(['clean', 'smudge'] as const).map((kind) => ({
    name: `a ${kind} filter by an attributes file that the configuration names`,
    plant(repository: TestRepository, program: string, workspace: string) {
      repository.git(['config', `filter.evil.${kind}`, program], workspace)
      writeFileSync(join(repository.folder, 'attributes'), attributes)
      repository.git(['config', 'core.attributesFile', join(repository.folder, 'attributes')], workspace)
    },
    control: addAndCheckOut,
  })),
  {
    name: 'a merge driver',
    plant(repository, program, workspace) {
      repository.git(['config', 'merge.evil.driver', program], workspace)
      write(workspace, { '.gitattributes': attributes })
    },
    control(repository, workspace) {
      write(workspace, { 'src/both.txt': '1\n2\n3\n4\n5\nx\n' })
      repository.git(['add', '-A'], workspace)
      repository.git(['commit', '-q', '-m', 'Mine'], workspace)
      repository.works(['merge', repository.git(['rev-parse', 'main'])], workspace)
    },
  },
  ...(['diff.external', 'diff.evil.textconv', 'diff.evil.command'] as const).map((key) => ({
    name: `a program that shows differences: ${key}`,
    plant(repository: TestRepository, program: string, workspace: string) {
      repository.git(['config', key, program], workspace)
      write(workspace, { '.gitattributes': attributes })
    },
    control(repository: TestRepository, workspace: string) {
      write(workspace, { 'src/a.txt': `${Math.random()}\n` })
      repository.works(['diff'], workspace)
    },
  })),
  settings(
    'a program that signs',
    (program) => ({ 'gpg.program': program, 'commit.gpgSign': 'true' }),
    (repository, workspace) => repository.works(['commit', '--allow-empty', '-m', 'signed'], workspace),
  ),
  settings(
    'a remote that promises objects',
    (program) => ({
      'core.repositoryFormatVersion': '1',
      'extensions.partialClone': 'evil',
      'remote.evil.url': `ext::${program}`,
      'remote.evil.promisor': 'true',
      'protocol.ext.allow': 'always',
    }),
    (repository, workspace) =>
      repository.works(['cat-file', '-p', '1234567890123456789012345678901234567890'], workspace),
  ),
  settings(
    'a remote that is a command',
    (program) => ({ 'remote.evil.url': `ext::${program}`, 'protocol.ext.allow': 'always' }),
    fetch,
  ),
  settings(
    'a program for ssh',
    (program) => ({ 'remote.evil.url': 'ssh://example.invalid/x', 'core.sshCommand': program }),
    fetch,
  ),
  settings(
    'a program for the other side of a local remote',
    (program, workspace) => ({ 'remote.evil.url': workspace, 'remote.evil.uploadpack': program }),
    fetch,
  ),
  settings(
    'programs that edit',
    (program) => ({ 'core.editor': program, 'sequence.editor': program }),
    (repository, workspace) => repository.works(['commit', '--allow-empty'], workspace),
  ),
  settings(
    'a program for trailers',
    (program) => ({ 'trailer.evil.key': 'Evil', 'trailer.evil.command': program }),
    (repository, workspace) =>
      repository.works(['interpret-trailers', '--trailer', 'Evil: x', join(workspace, 'src/a.txt')], workspace),
  ),
  settings(
    'an alias',
    (program) => ({ 'alias.evil': `!${program}` }),
    (repository, workspace) => repository.works(['evil'], workspace),
  ),
  {
    name: 'a .git file that leads elsewhere',
    // A clone has a folder there.
    isolation: 'worktree',
    plant: (repository, program, workspace) =>
      writeFileSync(join(workspace, '.git'), `gitdir: ${elsewhere(repository, program)}\n`),
    control: status,
  },
  {
    name: 'a common directory that is elsewhere',
    plant(repository, program, workspace) {
      const own = repository.git(['rev-parse', '--absolute-git-dir'], workspace)
      writeFileSync(join(own, 'commondir'), `${elsewhere(repository, program)}\n`)
    },
    control: status,
  },
  {
    name: 'a bare repository among the files',
    plant(_, program, workspace) {
      const bare = 'src/bare'
      write(workspace, {
        [`${bare}/HEAD`]: 'ref: refs/heads/main\n',
        [`${bare}/objects/keep`]: '',
        [`${bare}/refs/keep`]: '',
        [`${bare}/config`]: '[core]\n\tbare = true\n',
      })
      plantHooks(join(workspace, bare, 'hooks'), program)
    },
    control(repository, workspace) {
      const bare = join(workspace, 'src/bare')
      const blob = repository.git(['hash-object', '-w', 'HEAD'], bare)
      repository.works(['update-ref', 'refs/canary', blob], bare)
    },
  },
]

/** A repository in which everything runs the program. */
function elsewhere(repository: TestRepository, program: string): string {
  const made = join(repository.folder, 'elsewhere')
  repository.git(['init', '-q', made], repository.folder)
  repository.git(['config', 'core.fsmonitor', program], made)
  plantHooks(join(made, '.git', 'hooks'), program)
  return join(made, '.git')
}
