import { statfs } from 'node:fs/promises'

/** `f_type` of file systems whose locks and shared memory do not work between machines (Linux, `statfs(2)`). */
const networkTypes: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'SMB'],
  [0x564c, 'NCP'],
  [0x73757245, 'Coda'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x19830326, 'BeeGFS'],
])

/** The name of a network file system, or null for a local or an unknown one. */
export function networkName(type: number): string | null {
  return networkTypes.get(type >>> 0) ?? null
}

/** The network file system that `directory` is on; null when it is on none, or on one that we do not know. */
export async function networkFileSystem(directory: string): Promise<string | null> {
  // The numbers are Linux's own; elsewhere they mean something else.
  if (process.platform !== 'linux') return null
  const { type } = await statfs(directory)
  return networkName(type)
}
