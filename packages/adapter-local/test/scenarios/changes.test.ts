import { execFileSync } from 'node:child_process'
import { lstatSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scene, statuses } from './scene.ts'

/** Each line of the target's tree, by its path: `100644 blob <oid>`. */
const modesOf = (listed: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    listed.split('\0').flatMap((line) => (line === '' ? [] : [[line.split('\t')[1] ?? '', line.slice(0, 6)]])),
  )

describe.each(['worktree', 'clone'] as const)('a change (%s)', { timeout: 60_000 }, (isolation) => {
  it('of a mode, a name, a binary file and a link lands as it was made', async () => {
    await using waiting = await scene({
      isolation,
      agents: {
        mode: 'chmod +x run.sh; commit',
        name: 'mkdir moved; git mv old.txt moved/new.txt; commit',
        binary: "printf '\\0\\1\\377changed' >image.bin; commit",
        link: 'ln -s ../nowhere link; rm was-link; echo file >was-link; commit',
      },
      writes: {
        mode: ['run.sh'],
        name: ['old.txt', 'moved'],
        binary: ['image.bin'],
        link: ['link', 'was-link'],
      },
      prepare(repository) {
        repository.commit({ 'run.sh': 'true\n', 'old.txt': 'text\n'.repeat(20), 'image.bin': '\0\u0001' })
        execFileSync('ln', ['-s', 'README.md', join(repository.root, 'was-link')])
        repository.commit({})
      },
    })
    const { orch, repository } = waiting
    expect((await orch.run()).outcome).toBe('done')
    expect(modesOf(repository.git(['ls-tree', '-r', '-z', 'main']))).toEqual({
      'README.md': '100644',
      'run.sh': '100755',
      'moved/new.txt': '100644',
      'image.bin': '100644',
      link: '120000',
      'was-link': '100644',
    })
    expect(repository.git(['status', '--porcelain'])).toBe('')
    expect(lstatSync(join(repository.root, 'run.sh')).mode & 0o111).toBe(0o111)
    expect(readlinkSync(join(repository.root, 'link'))).toBe('../nowhere')
    expect(repository.git(['cat-file', '-s', 'main:image.bin'])).toBe('10')
  })

  it('that renames a file by case alone lands, also where the user has it checked out', async () => {
    await using waiting = await scene({
      isolation,
      agents: { a: 'git mv -f Name.txt name.txt; commit' },
      writes: { a: ['Name.txt', 'name.txt'] },
      prepare: (repository) => repository.commit({ 'Name.txt': 'text\n' }),
    })
    expect((await waiting.orch.run()).outcome).toBe('done')
    expect(waiting.onTarget()).toEqual(['README.md', 'name.txt'])
    expect(waiting.repository.git(['status', '--porcelain'])).toBe('')
  })

  it('of files with line ends of Windows lands as the attributes say, and none of the others counts as changed', async () => {
    await using waiting = await scene({
      isolation,
      agents: {
        text: "printf 'one\\r\\ntwo\\r\\n' >text.txt; commit",
        raw: "printf 'one\\r\\ntwo\\r\\n' >raw.dat; commit",
      },
      writes: { text: ['text.txt'], raw: ['raw.dat'] },
      prepare: (repository) =>
        repository.commit({ '.gitattributes': '*.txt text eol=crlf\n*.dat -text\n', 'other.txt': 'x\r\n' }),
    })
    const { orch, repository } = waiting
    expect((await orch.run()).outcome).toBe('done')
    expect(repository.git(['cat-file', '-s', 'main:text.txt'])).toBe('8')
    expect(repository.git(['cat-file', '-s', 'main:raw.dat'])).toBe('10')
    expect(lstatSync(join(repository.root, 'text.txt')).size).toBe(10)
    expect(repository.git(['status', '--porcelain'])).toBe('')
  })

  it('of names beyond ASCII lands byte for byte, composed and decomposed ones beside each other', async () => {
    const names = ['é.txt', 'e\u0301.txt', 'ÅNGSTRÖM/日本 語.txt', 'emoji 🚀.txt']
    await using waiting = await scene({
      isolation,
      agents: { a: `mkdir 'ÅNGSTRÖM'; ${names.map((name) => `echo x >'${name}'`).join('; ')}; commit` },
      writes: { a: ['**'] },
    })
    expect((await waiting.orch.run()).outcome).toBe('done')
    expect(waiting.onTarget().toSorted()).toEqual([...names, 'README.md'].toSorted())
    expect(waiting.repository.git(['status', '--porcelain'])).toBe('')
  })

  it('of a file that the target has deleted meanwhile goes back with that file, and the repair lands', async () => {
    await using waiting = await scene({
      isolation,
      landing: { maxRepairs: 1 },
      agents: {
        a: `case $ORCH_TURN in
          1) echo more >>page.md; commit;;
          *) grep -q 'page.md' "$ORCH_PROMPT_FILE"; git merge -q main || true; git rm -q page.md; echo kept >a.txt; commit;;
        esac`,
      },
      writes: { a: ['page.md', 'a.txt'] },
      prepare: (repository) => repository.commit({ 'page.md': 'page\n' }),
    })
    const { orch, repository } = waiting
    repository.commit({ 'page.md': null })
    expect((await orch.run()).outcome).toBe('done')
    expect(waiting.onTarget()).toEqual(['README.md', 'a.txt'])
    const told = (await orch.show('a')).allGuidance.map(({ text }) => text).join('\n')
    expect(told).toMatch(/conflicts with `main` in page\.md/)
  })

  it('of ten thousand files lands whole', { timeout: 240_000 }, async () => {
    await using waiting = await scene({
      isolation,
      agents: { a: 'mkdir a; cd a; seq 10000 | split -a 4 -l 1; cd ..; commit' },
      writes: { a: ['a'] },
    })
    expect((await waiting.orch.run()).outcome).toBe('done')
    expect(waiting.onTarget()).toHaveLength(10_001)
    expect(waiting.repository.git(['status', '--porcelain'])).toBe('')
  })

  it('that is empty is told as such, whether it was never made, undone again, or is on the target already', async () => {
    await using waiting = await scene({
      isolation,
      agents: {
        nothing: 'true',
        blank: 'git commit -q --allow-empty -m blank',
        undone: 'echo x >undone.txt; commit; git rm -q undone.txt; git commit -qm Undo',
        there: 'echo same >there.txt; commit',
      },
    })
    const { orch, repository } = waiting
    expect(await statuses(waiting)).toEqual(['nothing stuck', 'blank stuck', 'undone stuck', 'there complete'])
    for (const id of ['nothing', 'blank', 'undone'])
      expect((await waiting.row(id)).stuckReason).toContain('its agent ended with exit 0 but changed nothing')
    repository.commit({ 'there.txt': 'same\n' })
    const before = repository.git(['rev-parse', 'main'])
    await orch.run()
    expect((await orch.show('there')).landed?.by).toBe('other')
    expect(repository.git(['rev-parse', 'main'])).toBe(before)
  })

  it('of a submodule waits for a person, and lands as the link that it is', async () => {
    await using waiting = await scene({
      isolation,
      agents: {
        a: 'git update-index --cacheinfo "160000,$(cat "$folder/next"),vendor/library"; git commit -qm Bump',
      },
      writes: { a: ['vendor/library'] },
      prepare(repository) {
        const library = join(repository.folder, 'library')
        repository.git(['init', '-q', '-b', 'main', library], repository.folder)
        const user = ['-c', 'user.name=A', '-c', 'user.email=a@example.org']
        repository.git([...user, 'commit', '-q', '--allow-empty', '-m', 'One'], library)
        repository.git(['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'vendor/library'])
        repository.commit({})
        repository.git([...user, 'commit', '-q', '--allow-empty', '-m', 'Two'], library)
        repository.git(['fetch', '-q'], join(repository.root, 'vendor/library'))
        const next = repository.git(['rev-parse', 'HEAD'], library)
        execFileSync('sh', ['-c', `echo ${next} > "$0/next"`, repository.folder])
      },
    })
    const { orch, repository } = waiting
    const next = repository.git(['rev-parse', 'main'], join(repository.folder, 'library'))
    const before = repository.git(['ls-tree', 'main', 'vendor/library'])
    expect((await orch.run()).outcome).toBe('waits')
    expect((await waiting.row('a')).waits).toBe('changes vendor/library, which is protected: orch land a')
    expect(repository.git(['ls-tree', 'main', 'vendor/library'])).toBe(before)
    await orch.land('a')
    expect((await orch.run()).outcome).toBe('done')
    expect(repository.git(['ls-tree', 'main', 'vendor/library'])).toContain(next)
  })

  it('of what LFS keeps is refused with the file and the key, no filter runs, and a change beside it lands', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n'
    let ran = (): boolean => true
    await using waiting = await scene({
      isolation,
      agents: { big: 'echo not-a-pointer >big.bin', beside: 'echo x >beside.txt' },
      writes: { big: ['big.bin'], beside: ['beside.txt'] },
      check: `test "$(head -c 7 old.bin)" = version`,
      prepare(repository) {
        repository.commit({ '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n', 'old.bin': pointer })
        const canary = repository.canary()
        ran = canary.ran
        for (const key of ['clean', 'smudge', 'process'])
          repository.git(['config', `filter.lfs.${key}`, canary.program])
        repository.git(['config', 'filter.lfs.required', 'true'])
      },
    })
    const { orch, onTarget, row } = waiting
    await orch.run()
    expect(await row('big')).toMatchObject({ status: 'stuck' })
    expect((await row('big')).stuckReason).toMatch(/big\.bin has the attribute filter=lfs, and .*filter\.lfs\./)
    expect(await row('beside')).toMatchObject({ status: 'merged' })
    expect(onTarget()).toEqual(['.gitattributes', 'README.md', 'beside.txt', 'old.bin'])
    expect(ran()).toBe(false)
  })
})
