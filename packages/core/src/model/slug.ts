import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** SHA-256 of the UTF-8 of `text`, in lower-case hex. Without `node:crypto`, so that deciding runs anywhere. */
export function digest(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)))
}

/**
 * A name for files and branches: `[a-z0-9-]{1,40}`, followed by `-` and 8 hex digits of the id's SHA-256 whenever it differs
 * from the id, so that `a.b`, `a-b` and `A-b` never meet.
 */
export function slugOf(id: string): string {
  // A plain id that looks like a slug with a digest could be the slug of another id.
  if (/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(id) && !/--|-[0-9a-f]{8}$/.test(id)) return id
  const plain = id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '')
  return `${plain === '' ? 'task' : plain}-${digest(id).slice(0, 8)}`
}
