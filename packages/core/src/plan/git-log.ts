/** Text or UTF-8, cut anywhere. */
export type Chunks = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>

/** Characters of one name; git and file systems stop long before. */
const longestName = 65_536

/**
 * The files of each commit, in the order of the log, from what this prints:
 *
 *     git log --no-merges --no-renames --name-only -z --format=%x00%H
 *
 * Any name can be told from a commit: an empty field announces one, its hash follows, and the first name after it begins with a line feed
 * that is not its own. A commit with more than `mostFiles` files ends after so many; it is for the caller to leave it out.
 */
export async function* commitsOf(chunks: Chunks, mostFiles: number): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder()
  let files: string[] | null = null
  let expects: 'hash' | 'first' | 'name' = 'name'
  let rest = ''
  for await (const chunk of chunks) {
    const fields = (rest + (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }))).split('\0')
    rest = fields.pop() ?? ''
    if (rest.length > longestName) throw new RangeError('this is no output of `git log -z`: a field never ends')
    for (const field of fields) {
      if (field === '') {
        if (files !== null) yield files
        files = null
        expects = 'hash'
      } else if (expects === 'hash') {
        files = []
        expects = 'first'
      } else if (files !== null) {
        if (files.length < mostFiles) files.push(expects === 'first' && field.startsWith('\n') ? field.slice(1) : field)
        expects = 'name'
      }
    }
  }
  if (files !== null) yield files
}
