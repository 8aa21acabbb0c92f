import { describe, expect, it } from 'vitest'
import { Lane } from '../src/bd/lane.ts'

describe('a lane', () => {
  it('does one thing after the other, whatever became of the one before', async () => {
    const lane = new Lane()
    const first = lane.run(() => Promise.reject(new Error('no')))
    const second = lane.run(async () => 'yes')
    await expect(first).rejects.toThrow('no')
    expect(await second).toBe('yes')
    expect(await lane.run(async () => 'later')).toBe('later')
  })

  it('lets a look wait for all that writes, also for what a writer asks for next', async () => {
    const lane = new Lane()
    const done: string[] = []
    const write = (name: string) => lane.run(async () => void done.push(name))
    const look = lane.look(async () => void done.push('look'))
    const more = lane.look(async () => void done.push('another look'))
    await write('a').then(() => write('b'))
    await write('c')
    await Promise.all([look, more])
    expect(done).toEqual(['a', 'b', 'c', 'look', 'another look'])
  })
})
