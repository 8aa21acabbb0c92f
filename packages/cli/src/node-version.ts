/** The oldest Node that runs our files: its own SQLite, and types that are stripped. As in `engines`. */
const oldest = [22, 18] as const

/** What to tell a user whose Node is too old; null when it is not. */
export function tooOld(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [needed, least] = oldest
  if (major > needed || (major === needed && minor >= least)) return null
  return `Node ${oldest.join('.')} or newer is needed, and this is ${version}; see https://nodejs.org/en/download`
}
