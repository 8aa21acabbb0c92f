import { expect, it } from 'vitest'
import { bdEnvironment } from '../src/bd/environment.ts'

it('gives bd the user’s environment without what leads it elsewhere, and with everything off that nobody asked for', () => {
  const elsewhere = { BEADS_DIR: '/x', BEADS_DB: '/x', BD_DB: '/x', BD_ACTOR: 'x', GIT_DIR: '/x', GIT_WORK_TREE: '/x' }
  const given = {
    ...elsewhere,
    BEADS_DOLT_SERVER_MODE: '1',
    BD_DOLT_AUTO_PUSH: 'true',
    HOME: '/home/ann',
    EMPTY: undefined,
  }
  expect(bdEnvironment(given, 'ann')).toEqual({
    HOME: '/home/ann',
    BD_JSON_ENVELOPE: '1',
    BD_DISABLE_METRICS: '1',
    BD_NON_INTERACTIVE: '1',
    BD_BACKUP_ENABLED: 'false',
    BD_EXPORT_AUTO: 'false',
    BD_DOLT_AUTO_PUSH: 'false',
    BEADS_ACTOR: 'ann',
    NO_COLOR: '1',
  })
})
