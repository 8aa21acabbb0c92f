import { describe, expect, it } from 'vitest'
import { gitVcs } from '../src/git/git-vcs.ts'
import { readCommit, testRepository, write } from './git-repository.ts'
import { candidate, signal } from './git-task.ts'

const files = { 'a.txt': 'a\n', 'b.txt': 'b\n', 'c.txt': 'c\n' }

describe('candidates', () => {
  it('give a file that is to have the lines of both these alone, whatever it is called and whatever the tree says of it', async () => {
    const names = ['a b.txt', '[x]/*.txt', '"q".txt', 'ü.txt', ' lead.txt', '!x', '#x', 'a\\b', 'two\nlines', 'tab\t']
    const all = (content: string) => Object.fromEntries([...names, 'x/y.txt'].map((name) => [name, content]))
    using repository = testRepository({ '.gitattributes': '* binary\n*.txt merge=custom\n', ...all('1\n'), bin: '\0' })
    const from = repository.git(['rev-parse', 'main'])
    const base = repository.commit({ ...all('1\nours\n'), bin: '\0ours' })
    repository.git(['checkout', '-q', '-b', 'side', from])
    const head = repository.commit({ ...all('1\ntheirs\n'), bin: '\0theirs' })
    repository.git(['checkout', '-q', 'main'])
    const vcs = gitVcs({ repository: repository.root, target: 'main' })
    const build = (union: readonly string[]) =>
      vcs.buildCandidate({ base, head, from, method: 'merge', union, message: 'x', signal })
    const globs = names.map((name) => name.replaceAll(/[\\*?[\]"]/g, '\\$&'))
    expect(await build(globs)).toMatchObject({ files: [{ path: 'bin' }, { path: 'x/y.txt' }] })
    // Two texts in one are a text; two pictures in one are nothing.
    expect(await build(['**'])).toMatchObject({ reason: 'conflict', files: [{ path: 'bin', kind: 'binary' }] })
  })

  it('obey the attributes of the target, and no driver', async () => {
    const lines = '1\n2\n3\n4\n5\n6\n'
    using repository = testRepository({
      '.gitattributes': '*.bin -merge\n[attr]log merge=union\n*.log log\n*.x merge=custom\n',
      'sub/.gitattributes': '*.txt merge=union\n',
      'a.bin': lines,
      'a.log': lines,
      'a.x': lines,
      'a.txt': lines,
      'sub/a.txt': lines,
    })
    const vcs = gitVcs({ repository: repository.root, target: 'main' })
    const both = async (name: string, path: string, mine: string, theirs: string) => {
      const { head, base: from } = await candidate(repository, { [path]: mine }, { name, vcs })
      const base = repository.commit({ [path]: theirs })
      return vcs.buildCandidate({ base, head, from, method: 'merge', message: 'Land it', signal })
    }
    expect(await both('bin', 'a.bin', `${lines}x\n`, `x\n${lines}`)).toMatchObject({
      reason: 'conflict',
      detail: 'a.bin',
    })
    expect(await both('log', 'a.log', `${lines}mine\n`, `${lines}theirs\n`)).toMatchObject({ ok: true })
    expect(await both('x', 'a.x', `${lines}x\n`, `x\n${lines}`)).toMatchObject({ ok: true })
    expect(await both('txt', 'a.txt', `${lines}mine\n`, `${lines}theirs\n`)).toMatchObject({ reason: 'conflict' })
    expect(await both('sub', 'sub/a.txt', `${lines}mine\n`, `${lines}theirs\n`)).toMatchObject({ ok: true })
  })

  it('rebase replays each commit with its author, and falls back to one commit over merges', async () => {
    using repository = testRepository(files)
    const vcs = gitVcs({ repository: repository.root, target: 'main' })
    const from = repository.git(['rev-parse', 'main'])
    const made = await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from, signal })
    if (!made.ok) throw new Error(made.detail)
    const { directory } = made.value
    for (const [path, message] of [
      ['a.txt', 'First'],
      ['b.txt', 'Second'],
    ] as const) {
      write(directory, { [path]: 'changed\n' })
      repository.git(['commit', '-q', '-a', '--author', 'An Agent <agent@example.org>', '-m', message], directory)
    }
    const base = repository.commit({ 'c.txt': 'theirs\n' })
    const build = async () => {
      const head = repository.git(['rev-parse', 'HEAD'], directory)
      const built = await vcs.buildCandidate({ base, head, from, method: 'rebase', message: 'Land it', signal })
      if (!built.ok) throw new Error(built.detail)
      return built.value.commit
    }
    const commit = await build()
    expect(repository.git(['log', '--format=%an %s %P', `${base}..${commit}`]).split('\n').length).toBe(2)
    expect(repository.git(['log', '--format=%an %s', `${base}..${commit}`])).toBe('An Agent Second\nAn Agent First')
    expect(readCommit(repository, commit)).toEqual({ 'a.txt': 'changed\n', 'b.txt': 'changed\n', 'c.txt': 'theirs\n' })
    repository.git(['merge', '-q', '--no-edit', 'main'], directory)
    const merged = await build()
    expect(repository.git(['log', '--format=%s %P', `${base}..${merged}`])).toBe(`Land it ${base}`)
  })
})

describe('what landed', () => {
  it('is seen when somebody squashes it, merges it or picks it, and not when something else lands', async () => {
    for (const how of ['squash', 'merge', 'cherry-pick'] as const) {
      using repository = testRepository(files)
      const { vcs, head, base } = await candidate(repository, { 'a.txt': 'A\n' })
      const question = { task: 'task', head, base, commit: null }
      repository.commit({ 'b.txt': 'B\n' })
      expect((await vcs.observe({ landed: [question], signal })).landed.size).toBe(0)
      if (how === 'cherry-pick') repository.git(['cherry-pick', head])
      else repository.git(['merge', '-q', how === 'squash' ? '--squash' : '--no-edit', head])
      if (how === 'squash') repository.git(['commit', '-q', '-m', 'Squashed'])
      repository.commit({ 'c.txt': 'C\n' })
      const { landed } = await vcs.observe({ landed: [question], signal })
      expect(landed.get('task')).toMatchObject({ by: 'other' })
    }
  })

  it('is still ours after the user merged the target into something and made that the target', async () => {
    using repository = testRepository(files)
    const { vcs, head, base, commit } = await candidate(repository, { 'a.txt': 'A\n' })
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    repository.git(['checkout', '-q', '-b', 'side', base])
    repository.commit({ 'b.txt': 'B\n' })
    repository.git(['merge', '-q', '--no-edit', 'main'])
    repository.git(['branch', '-f', 'main', 'side'])
    repository.git(['gc', '-q'])
    const again = gitVcs({ repository: repository.root, target: 'main' })
    const { landed } = await again.observe({ landed: [{ task: 'task', head, base, commit }], signal })
    expect(landed.get('task')).toEqual({ commit, by: 'us' })
  })
})
