/** Places between two steps of which a crash may leave the first without the second; beside each the steps. */
export const failPoints = [
  /** The file of the database | its schema. */
  'store-created',
  /** The schema | the mark that says that there is a database. */
  'store-adopted',
  /** All statements of a transaction | its commit. */
  'store-writing',
  /** A commit | whatever it is the word for: each effect, the next record. */
  'store-written',

  /** The branch and the files, aside | their entry and place. */
  'workspace-filled',
  /** The entry | the files. */
  'workspace-entered',
  /** The files | the start of the agent in them. */
  'workspace-made',
  /** A new entry for files that were there | their index. */
  'workspace-adopted',
  /** The branch of the next task of a group | HEAD. */
  'workspace-branched',
  /** HEAD | what the workspace is for. */
  'workspace-switched',
  /** The branch of a clone, in the repository | what it is needed for there. */
  'clone-followed',
  /** The pin of what was stashed | the next look. */
  'stash-kept',

  /** The folder of a turn, aside | its launcher. */
  'turn-prepared',
  /** A turn that runs | the record that says so. */
  'turn-started',
  /** The asking | the killing. */
  'turn-asked-to-stop',
  /** The end of all its processes | the record. */
  'turn-stopped',
  /** Guidance in the inbox | the note that it is there. */
  'guidance-delivered',
  /** The folder of a turn that is forgotten, out of the way | its claim. */
  'turn-put-away',
  /** Its claim | what was put out of the way. */
  'turn-forgotten',

  /** A branch that was deleted under its workspace, again | its sealing. */
  'branch-put-back',
  /** Our lock on the index of a workspace | the index. */
  'seal-begun',
  /** The index | the branch. */
  'seal-staged',
  /** The branch and its pin | the record. */
  'sealed',
  /** The commit of what nobody committed | its pin. */
  'preserve-written',
  /** The pin | whatever is done to the workspace then. */
  'preserved',

  /** The commit of a candidate | the record. */
  'candidate-made',
  /** The commit of one with files that were made anew | the record. */
  'candidate-amended',
  /** The files of a check-out, aside | their place. */
  'checkout-filled',
  /** The check-out | the checks in it. */
  'checkout-made',
  /** A check-out that nobody needs, out of the way | its removal. */
  'checkout-put-away',

  /** The branch of an epic | the first task that lands on it. */
  'target-made',

  /** The mark of a landing | the user's files. */
  'landing-begun',
  /** Those files | the user's index. */
  'landing-files-moved',
  /** That index | our lock on it. */
  'landing-index-moved',
  /** All check-outs | the target. */
  'landing-shown',
  /** The target | the mark's end. */
  'landing-moved',
  /** The landing | the record. */
  'landed',
  /** The user's files, back where they were | the mark's end. */
  'landing-taken-back',
  /** The pins of a landing that is not what it was to be | the record. */
  'violation-kept',

  /** Where the remote is by a look | whatever waits for it. */
  'remote-seen',
  /** The note of what is pushed | the push. */
  'push-begun',
  /** The push | what is known of the remote here. */
  'pushed',
  /** What is known of the remote | the user's branch. */
  'push-known',

  /** What git cannot represent, moved aside | the entry. */
  'retire-aside',
  /** The files of a workspace, out of the way | its entry. */
  'retire-unfilled',
  /** Both | their removal. */
  'retire-put-away',
  /** The removal | the branch. */
  'retire-removed',
  /** The branch | the record. */
  'retired',

  /** Pins and branches | the folders of the same tasks. */
  'pins-dropped',
  /** All of that | the word that it is done: likewise the others here. */
  'pruned',
  'restored',
  'unlocked',
  'swept',

  /** Its file, under a name of its own | who it is. */
  'lock-begun',
  /** A lock of ours | what it is for. */
  'lock-taken',
  /** The right to break the lock of a dead process | the breaking. */
  'lock-breaking',
] as const

export type FailPoint = (typeof failPoints)[number]

let times = 0

/**
 * Kills this process, as `kill -9` would, when `ORCH_FAILPOINT` names this place: `landed`, or `store-written:3` when it is reached for the third
 * time. Does nothing otherwise. It is how tests end `orch run` exactly there.
 */
export function failPoint(name: FailPoint): void {
  const wanted = process.env.ORCH_FAILPOINT
  if (wanted === undefined) return
  const [point, time = '1'] = wanted.split(':')
  if (point !== name) return
  times++
  if (times === Number(time)) process.kill(process.pid, 'SIGKILL')
}
