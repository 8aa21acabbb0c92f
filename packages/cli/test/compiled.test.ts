import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshFolder, main } from './rig.ts'

/** The version, printed by a command that knows only this. */
function version(environment: Readonly<Record<string, string>>): string {
  return execFileSync(process.execPath, ['--conditions=@orch/source', main, '--version'], {
    env: environment,
    encoding: 'utf8',
  })
}

function home(): string {
  const folder = freshFolder()
  chmodSync(folder, 0o755)
  return folder
}

const printed = /^\d+\.\d+\.\d+\n$/

describe('what was compiled', () => {
  it("is kept in the user's folder for such things, where nobody else can write", () => {
    const HOME = home()
    expect(version({ HOME })).toMatch(printed)
    const kept = join(HOME, '.cache', 'orch')
    expect(readdirSync(kept)).toHaveLength(1)
    expect(statSync(kept).mode & 0o777).toBe(0o700)
    expect(version({ HOME })).toMatch(printed)

    const XDG_CACHE_HOME = home()
    expect(version({ HOME: '/nowhere', XDG_CACHE_HOME })).toMatch(printed)
    expect(readdirSync(join(XDG_CACHE_HOME, 'orch'))).toHaveLength(1)
  })

  it('is kept nowhere when others could change it, or nobody wants it', () => {
    const open = home()
    mkdirSync(join(open, '.cache'))
    chmodSync(join(open, '.cache'), 0o777)
    expect(version({ HOME: open })).toMatch(printed)
    expect(readdirSync(join(open, '.cache'))).toEqual([])

    const linked = home()
    const elsewhere = home()
    mkdirSync(join(linked, '.cache'), { mode: 0o700 })
    symlinkSync(elsewhere, join(linked, '.cache', 'orch'))
    expect(version({ HOME: linked })).toMatch(printed)
    expect(readdirSync(elsewhere)).toEqual([])

    const unwanted = home()
    expect(version({ HOME: unwanted, NODE_DISABLE_COMPILE_CACHE: '1' })).toMatch(printed)
    expect(version({ HOME: 'relative' })).toMatch(printed)
    expect(version({})).toMatch(printed)
    expect(existsSync(join(unwanted, '.cache'))).toBe(false)
  })
})
