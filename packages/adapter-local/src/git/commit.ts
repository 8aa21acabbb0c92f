import type { Repository } from './repository.ts'

/** The line that says who made a commit and when. */
export function signature(repository: Repository, seconds: number): string {
  const { name, email } = repository.identity
  return Buffer.from(`${name} <${email}> ${seconds} +0000`, 'utf8').toString('latin1')
}

/** A message as commits hold it: one character per byte, with a line break at the end. */
export function messageOf(text: string): string {
  return Buffer.from(`${text.replaceAll('\0', '').trim()}\n`, 'utf8').toString('latin1')
}
