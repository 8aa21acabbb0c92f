/** Would lead `bd` to another database, another identity or another repository. */
const removed = /^(BEADS_DB|BD_DB|BEADS_DIR|BD_ACTOR|GIT_DIR|GIT_WORK_TREE|BEADS_DOLT_.*)$/

/** The environment of every call: no telemetry, no backup, no export, no push, no prompt, whatever the user or the project has set. */
export function bdEnvironment(given: NodeJS.ProcessEnv, actor: string): Record<string, string> {
  const kept = Object.entries(given).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !removed.test(entry[0]),
  )
  return {
    ...Object.fromEntries(kept),
    BD_JSON_ENVELOPE: '1',
    BD_DISABLE_METRICS: '1',
    BD_NON_INTERACTIVE: '1',
    BD_BACKUP_ENABLED: 'false',
    BD_EXPORT_AUTO: 'false',
    BD_DOLT_AUTO_PUSH: 'false',
    BEADS_ACTOR: actor,
    NO_COLOR: '1',
  }
}
