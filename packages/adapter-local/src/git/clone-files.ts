import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { freshPath, lookAt, replaceFile } from '../disk/files.ts'
import type { RefName } from './names.ts'
import type { Repository } from './repository.ts'

/** What `git clone --shared` leaves in a git directory, but for HEAD, index and refs. Nothing of the repository's configuration is taken over unasked. */
export async function writeClone(repository: Repository, directory: string): Promise<void> {
  for (const folder of ['objects/info', 'objects/pack', 'refs/heads', 'info'])
    await mkdir(join(directory, folder), { recursive: true })
  await Promise.all([
    replaceFile(join(directory, 'config'), configuration(repository)),
    replaceFile(join(directory, 'objects', 'info', 'alternates'), `${join(repository.commonDirectory, 'objects')}\n`),
  ])
}

function configuration({ root, objectFormat, settings, identity }: Repository): string {
  const sha256 = objectFormat === 'sha256'
  const copied = settings.filter(([key]) => !key.startsWith('core.sparse'))
  return [
    '[core]',
    `\trepositoryformatversion = ${sha256 ? 1 : 0}`,
    '\tbare = false',
    '\tlogAllRefUpdates = true',
    ...copied.map(([key, value]) => `\t${key.slice('core.'.length)} = ${JSON.stringify(value)}`),
    ...(sha256 ? ['[extensions]', '\tobjectformat = sha256'] : []),
    // It lives no longer than its task.
    '[gc]\n\tauto = 0',
    `[user]\n\tname = ${JSON.stringify(identity.name)}\n\temail = ${JSON.stringify(identity.email)}`,
    `[remote "origin"]\n\turl = ${JSON.stringify(root)}\n\tfetch = +refs/heads/*:refs/remotes/origin/*`,
    '',
  ].join('\n')
}

/** In one step, without a process. Only where the folders above it are ones: an agent can put links in their place, and we are about to write. */
export async function writeCloneRef(directory: string, ref: RefName, oid: string): Promise<void> {
  const path = join(directory, ref)
  const folders = ref.split('/').slice(0, -1)
  for (const [depth] of folders.entries()) {
    const above = lookAt(join(directory, ...folders.slice(0, depth + 1)))
    if (above !== null && !above.isDirectory()) return
  }
  await mkdir(dirname(path), { recursive: true })
  const unfinished = freshPath(directory, 'ref')
  await writeFile(unfinished, `${oid}\n`, { flag: 'wx' })
  await rename(unfinished, path)
}
