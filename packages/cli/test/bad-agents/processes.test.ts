import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { expectNoCrash, scripted, started, survivors } from './scripted.ts'

/** Writes down who runs it; `$$` would be the same in every subshell. */
const note = `sh -c 'echo $PPID' >> $NOTES/pids; : > $NOTES/noted-$ORCH_TASK`
/** What an agent leaves behind is stopped as soon as that has ended, also before it is written down. */
const leave = 'until test -e $NOTES/noted-$ORCH_TASK; do sleep 0.02; done; exit 0'
/** Lives until it is killed, or the test has gone. */
const forever = 'while test -d $NOTES; do sleep 0.05; done'
const deaf = `trap '' TERM INT HUP`
const shielded = (script: string) => script.replaceAll('$', String.raw`\$`)
const python = `import os,sys,time
if os.fork(): sys.exit()
os.setsid()
if os.fork(): sys.exit()
open(os.environ['NOTES']+'/pids','a').write(str(os.getpid())+'\\n')
open(os.environ['NOTES']+'/noted-'+os.environ['ORCH_TASK'],'w')
while os.path.isdir(os.environ['NOTES']): time.sleep(.05)`

describe.concurrent('an agent', { timeout: 90_000 }, () => {
  it('that ignores TERM is killed when its task is cancelled, and nothing of it lives on', async () => {
    const { root, notes, call } = await scripted({
      agents: { deaf: `${deaf}; ${note}; (${deaf}; ${note}; ${forever}) & : > $NOTES/there; ${forever}` },
    })
    const running = started(root)
    await vi.waitUntil(() => existsSync(join(notes, 'there')) && running.said().includes('good: landed'), {
      timeout: 60_000,
      interval: 20,
    })
    expect(survivors(notes).length).toBeGreaterThan(0)
    const asked = await call('cancel', 'deaf')
    expect(asked.exit).toBe(0)
    const ended = await running.ended
    expectNoCrash(ended, asked)
    expect(ended.exit).toBe(0)
    expect(ended.stderr).toMatch(/deaf: cancelled/)
    expect(survivors(notes)).toEqual([])
    expect(existsSync(join(`${root}.worktrees`, 'deaf'))).toBe(false)
  })

  it('that leaves processes behind is done when it has ended, and they are stopped before its worktree goes', async () => {
    const child = `${note}; while test -d $NOTES; do echo alive >> "$PWD/heart.beat" || echo removed >> $NOTES/removed; sleep 0.02; done`
    const agents = {
      background: `echo x > background.txt; (${child}) >/dev/null 2>&1 & ${leave}`,
      holding: `echo x > holding.txt; (${note}; ${forever}) & ${leave}`,
      deaf: `echo x > deaf.txt; (${deaf}; ${note}; ${forever}) & ${leave}`,
      escaped: `echo x > escaped.txt; setsid sh -c "${shielded(note)}; ${shielded(forever)}" >/dev/null 2>&1 & ${leave}`,
      twice: `echo x > twice.txt; (setsid sh -c "(${shielded(note)}; ${shielded(forever)}) & " &) >/dev/null 2>&1; ${leave}`,
      daemon: `echo x > daemon.txt; python3 -c "$(cat $NOTES/../repository/daemon.py)" >/dev/null 2>&1; ${leave}`,
    }
    const { notes, run } = await scripted({ agents, files: { 'daemon.py': python, '.gitignore': 'heart.beat\n' } })
    const told = await run()
    expect(told.exit).toBe(0)
    for (const task of Object.keys(agents)) expect(told.rows.get(task)?.status, task).toBe('merged')
    const pids = readFileSync(join(notes, 'pids'), 'utf8').trim().split('\n')
    expect(pids.length).toBe(6)
    expect(survivors(notes)).toEqual([])
    expect(existsSync(join(notes, 'removed'))).toBe(false)
  })
})
