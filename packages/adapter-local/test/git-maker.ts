import { gitVcs } from '../src/git/git-vcs.ts'

/** Makes and retires workspaces in a process of its own: repository, base, names. Prints one line per workspace. */
const [, , repository = '', from = '', ...names] = process.argv
const { signal } = new AbortController()
const vcs = gitVcs({ repository, target: 'main' })
await Promise.all(
  names.map(async (name) => {
    const made = await vcs.createWorkspace({ name, branch: `orch/${name}`, from, signal })
    if (!made.ok) throw new Error(`${name}: ${made.reason} ${made.detail}`)
    if (name.endsWith('gone')) {
      const retired = await vcs.retire({ workspace: name, branch: `orch/${name}`, signal })
      if (!retired.ok) throw new Error(`${name}: ${retired.reason} ${retired.detail}`)
    }
    console.log(name)
  }),
)
