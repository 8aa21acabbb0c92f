import { OrchError } from '@orch/core'
import * as z from 'zod'
import { outageOf } from './answer.ts'
import type { Bd } from './bd.ts'

/** Which database it is. */
export interface Identity {
  readonly project: string
  readonly prefix: string
  /** The directory `.beads`. */
  readonly folder: string
  readonly database: string
}

const context = z.looseObject({
  beads_dir: z.string(),
  bd_version: z.string(),
  dolt_mode: z.string().optional(),
  database: z.string().optional(),
  project_id: z.string().optional(),
})
const where = z.looseObject({ prefix: z.string().optional() })

/** Looks which database the directory has. Throws where there is none that can be used: a lost one lists nothing, with exit 0. */
export async function identify(bd: Bd, signal: AbortSignal): Promise<Identity> {
  const about = await bd.ask({ argv: ['context', '--json'], answer: context, signal })
  checkVersion(about.bd_version)
  if (about.dolt_mode !== undefined && about.dolt_mode !== 'embedded')
    throw unusable(`its database is in mode ${about.dolt_mode}, and only embedded ones are supported`)
  const lost = (what: string): OrchError => {
    const message = `the Beads database in ${about.beads_dir} is lost (${what}): nothing is started; restore \`.beads\` from a copy`
    return new OrchError('store-lost', message, { port: 'queue' })
  }
  if (about.project_id === undefined || about.database === undefined) throw lost('metadata.json is gone')
  const { prefix } = await bd.ask({ argv: ['where', '--json'], answer: where, signal })
  if (prefix === undefined) {
    // A build that cannot open databases looks the same but for this.
    const ping = await bd.try({ argv: ['ping', '--json'], answer: z.unknown(), signal })
    throw ping.ok ? lost('it has no prefix') : outageOf('ping', ping.refusal)
  }
  return { project: about.project_id, prefix, folder: about.beads_dir, database: about.database }
}

/** Throws unless it is a `bd` that was tested. */
export function checkVersion(version: string): void {
  const [, major, minor] = /^(\d+)\.(\d+)\./.exec(version) ?? []
  if (major === '1' && minor === '3') return
  throw unusable(`bd ${version} is installed, and only >=1.3.0 <1.4 is supported`)
}

function unusable(why: string): OrchError {
  return new OrchError('beads-unusable', `Beads cannot be the queue: ${why}`, { port: 'queue' })
}
