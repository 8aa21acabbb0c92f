import { describe, expect, it } from 'vitest'
import { addressOf } from '../src/git/remote-address.ts'

const none = new Map<string, string>()
const auth = { host: 'github.com', password: 'ORCH_TEST_TOKEN' }

describe('the address of a remote', () => {
  it.each([
    ['https://github.com/me/shop.git', 'https', 'github.com'],
    ['https://me@dev.example.org:8443/shop', 'https', 'dev.example.org:8443'],
    ['ssh://git@github.com:22/me/shop.git', 'ssh', 'github.com:22'],
    ['git@github.com:me/shop.git', 'ssh', 'github.com'],
    ['/srv/git/shop.git', 'file', null],
    ['file:///srv/git/a shop.git', 'file', null],
  ])('may be %s', (url, protocol, host) => {
    expect(addressOf({ url }, none)).toEqual({ url, protocol, host })
  })

  it.each([
    'ext::sh -c touch% x',
    'fd::3',
    'http://github.com/me/shop.git',
    'git://github.com/me/shop.git',
    'ftp://github.com/me/shop.git',
    'https://',
    'https:///me/shop.git',
    'https://-host/me',
    'https://github.com/me shop',
    'https://github.com/me\nshop',
    'ssh://-oProxyCommand=touch%20x/y',
    'ssh://git@-oProxyCommand=x/y',
    '-oProxyCommand=x@github.com:me',
    'git@-oProxyCommand=x:me',
    'git@github.com:-me',
    'git@github.com::me',
    'transport::git@github.com:me',
    '--upload-pack=touch x',
    '--receive-pack=touch x',
    '-c',
    'shop.git',
    '../shop.git',
    '/srv/git\u0000/x',
    '',
  ])('is refused: %j', (url) => {
    expect(() => addressOf({ url }, none)).toThrow(expect.objectContaining({ code: 'unusable-remote' }))
    expect(() => addressOf({}, new Map([['origin', url]]))).toThrow(
      expect.objectContaining({ code: 'unusable-remote' }),
    )
  })

  it.each(['', '-x', '../x', 'a b', 'a/b', 'x.lock', 'a..b', 'x:y', '--upload-pack=x', 'é'])(
    'has no name like %j',
    (name) => {
      const url = 'https://github.com/me/shop.git'
      expect(() => addressOf({ name, url }, none)).toThrow(expect.objectContaining({ code: 'unusable-remote' }))
    },
  )

  it('is what the repository calls so, unless that leads to a path on this machine', () => {
    const configured = new Map([
      ['origin', 'git@github.com:me/shop.git'],
      ['backup', '/srv/git/shop.git'],
    ])
    expect(addressOf({}, configured).url).toBe('git@github.com:me/shop.git')
    expect(() => addressOf({ name: 'backup' }, configured)).toThrow('where agents can write')
    expect(() => addressOf({ name: 'other' }, configured)).toThrow('git remote add other')
  })

  it('holds no password, and an error never shows the one that it holds', () => {
    const secret = 'hunter2-hunter2'
    let said = ''
    try {
      addressOf({ url: `https://me:${secret}@github.com/me/shop.git` }, none)
    } catch (error) {
      said = String(error)
    }
    expect(said).toContain('holds a password')
    expect(said).not.toContain(secret)
  })

  it('is nowhere but at the host that is to get the password', () => {
    expect(addressOf({ auth }, new Map([['origin', 'https://github.com/me/shop.git']])).host).toBe('github.com')
    for (const url of [
      'https://github.com.evil.example/me/shop.git',
      'https://evil.example/github.com',
      'https://github.com:444/me/shop.git',
      'https://github.com@evil.example/x',
      'git@github.com:me/shop.git',
      '/srv/git/shop.git',
    ])
      expect(() => addressOf({ url, auth }, none)).toThrow('remote.auth is for https://github.com')
  })
})
