import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { deflate } from 'node:zlib'
import { OrchError } from '@orch/core'

export interface PackedObject {
  /** `commit`, `tree`, `blob` or `tag`. */
  readonly kind: string
  readonly content: Uint8Array
}

const kinds: Readonly<Record<string, number>> = { commit: 1, tree: 2, blob: 3, tag: 4 }
const deflated = promisify(deflate)
/** Each takes a quarter of a megabyte while it is at work. */
const together = 32

/** The objects as git takes many of them at once: a pack without deltas (gitformat-pack). */
export async function packOf(objects: readonly PackedObject[], format: 'sha1' | 'sha256'): Promise<Buffer> {
  const header = Buffer.alloc(12)
  header.write('PACK', 'latin1')
  header.writeUInt32BE(2, 4)
  header.writeUInt32BE(objects.length, 8)
  const parts = [header]
  for (let at = 0; at < objects.length; at += together) {
    const entries = objects.slice(at, at + together).map(entryOf)
    parts.push(...(await Promise.all(entries)))
  }
  const hash = createHash(format)
  for (const part of parts) hash.update(part)
  return Buffer.concat([...parts, hash.digest()])
}

async function entryOf({ kind, content }: PackedObject): Promise<Buffer<ArrayBuffer>> {
  return Buffer.concat([beginning(kind, content.length), await deflated(content, { level: 1 })])
}

/** Kind and size: four bits of the size beside the kind, then seven in each byte, the lowest first. */
function beginning(kind: string, size: number): Buffer {
  const type = kinds[kind]
  if (type === undefined) throw new OrchError('bug', `${kind} is no kind of object`)
  const bytes = [(type << 4) | (size & 15)]
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push((bytes.pop() ?? 0) | 128, rest & 127)
  }
  return Buffer.from(bytes)
}
