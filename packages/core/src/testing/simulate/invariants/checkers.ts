import type { Checker } from '../call.ts'
import { claims } from './claims.ts'
import { conflicts } from './conflicts.ts'
import { ends, leftovers } from './ends.ts'
import { epics } from './epics.ts'
import { fence, owners } from './fence.ts'
import { failures, reviews } from './gates.ts'
import { hotFiles } from './hot-files.ts'
import { landing } from './landing.ts'
import { processes } from './processes.ts'
import { pushes } from './pushes.ts'
import { evidence, records } from './records.ts'
import type { Scene } from './scene.ts'
import { secrets } from './secrets.ts'
import { told } from './told.ts'
import { work } from './work.ts'

/** The ten invariants of the design, each checked by what passes through the ports. */
export function checkersOf(scene: Scene): readonly Checker[] {
  return [
    records,
    owners,
    fence,
    claims,
    epics,
    processes,
    work,
    evidence,
    landing,
    failures,
    reviews,
    hotFiles,
    pushes,
    told,
    conflicts,
    leftovers,
    secrets,
    ends,
  ].map((make) => make(scene))
}
