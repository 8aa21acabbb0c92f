import { randomBytes } from 'node:crypto'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { lookAt, moved, namesIn, readText, remove } from '../disk/files.ts'
import { failPoint } from '../fail-point.ts'
import { type FolderSight, sightOf } from './folder-sight.ts'
import { isDead, thisOwner } from './lock.ts'
import { occupantsOf } from './occupants.ts'

/** How long two changes may share one time, in milliseconds: the coarsest tick of a kernel, and a little. */
const tickMs = 11
/** Folders that stay for the commits to come. */
const spares = 4

/** Files of a commit, and the index that says so. */
export interface Filled {
  readonly files: string
  readonly index: string
}

export interface CheckFolder extends Filled {
  readonly name: string
  /** The commit that files and index are of. */
  readonly commit: string
  /** How it was when it was filled; null when that cannot be told again. */
  readonly sight: FolderSight | null
}

export interface CheckPlaces {
  /** Where the folders are. */
  readonly folders: string
  /** What is known of each, under its name; not beside it, where what is checked could reach it without looking for it. */
  readonly records: string
  readonly making: string
}

/**
 * The folders in which checks run. Each belongs to one process, and to one run of checks at a time; a folder never has the same name
 * twice, so that what an earlier run left behind does not find it.
 */
export class CheckFolders {
  readonly #places: CheckPlaces
  /** Given back, the oldest first. */
  readonly #idle: CheckFolder[] = []
  readonly #ours = new Set<string>()

  constructor(places: CheckPlaces) {
    this.#places = places
  }

  /** An empty one, to be filled and then placed. */
  async fresh(commit: string): Promise<CheckFolder> {
    const made = this.#named(commit)
    const owner = await thisOwner()
    const record = join(made.index, '..')
    for (const path of [made.files, record]) mkdirSync(path, { recursive: true })
    // Whole or not there: whoever finds one that says nothing cannot tell whose it is.
    writeFileSync(join(record, 'owner.new'), owner)
    renameSync(join(record, 'owner.new'), join(record, 'owner'))
    return made
  }

  /** One that is exactly as it was when it was filled, to be made over for `commit` and then placed; null when there is none. */
  async take(commit: string): Promise<{ readonly made: CheckFolder; readonly before: CheckFolder } | null> {
    for (;;) {
      const before = this.#idle.find(({ files, sight }) => sight !== null && occupantsOf(files).length === 0)
      if (before === undefined) return null
      this.#idle.splice(this.#idle.indexOf(before), 1)
      // Before it is moved, which changes the folder itself.
      const isUntouched =
        lookAt(before.files) !== null && sightOf(before.files)?.everything === before.sight?.everything
      const made = this.#named(commit)
      if ((await this.#putAside(before, made)) && isUntouched && occupantsOf(made.files).length === 0)
        return { made, before }
      await this.drop(made)
    }
  }

  /** Puts one that is filled where checks run. */
  async place(made: CheckFolder): Promise<CheckFolder> {
    const files = join(this.#places.folders, made.name)
    mkdirSync(this.#places.folders, { recursive: true })
    await rename(made.files, files)
    // Elsewhere nobody can tell whether somebody works in it.
    const sight = process.platform === 'linux' ? sightOf(files) : null
    // What is done in it from now on has a later time than all that was seen.
    if (sight !== null) await delay(Math.max(0, sight.changedAt + tickMs - Date.now()))
    return { ...made, files, sight }
  }

  /** Of the folder with these files. */
  indexOf(files: string): string {
    return join(this.#places.records, basename(files), 'index')
  }

  /** Nothing that was started in it lives. It is taken again only where nobody else works in it, either. */
  release(folder: CheckFolder): void {
    this.#idle.push(folder)
  }

  async drop({ name, files, index }: CheckFolder): Promise<void> {
    await Promise.all([remove(files), remove(join(index, '..'))])
    this.#ours.delete(name)
  }

  /** Takes away what nobody needs: more than `keep` that wait for another commit, and what processes left that have died. */
  async clear(keep = spares): Promise<void> {
    const surplus = this.#idle.slice(0, Math.max(0, this.#idle.length - keep))
    for (const folder of surplus.filter(({ files }) => occupantsOf(files).length === 0)) {
      this.#idle.splice(this.#idle.indexOf(folder), 1)
      await this.#takeAway(folder)
    }
    for (const name of await this.leftBehind()) {
      const { folders, records } = this.#places
      const index = join(records, name, 'index')
      await this.#takeAway({ name, files: join(folders, name), index, commit: '', sight: null })
    }
  }

  /** The names of those that processes left which have died. */
  async leftBehind(): Promise<readonly string[]> {
    // Those that were filled last may be in use where nobody can tell.
    const known = process.platform === 'linux' ? [] : this.#newest()
    const names = new Set([...namesIn(this.#places.folders), ...namesIn(this.#places.records)])
    const left: string[] = []
    for (const name of [...names].filter((each) => !this.#ours.has(each) && !known.includes(each))) {
      const owner = readText(join(this.#places.records, name, 'owner'))
      if ((owner !== null && !(await isDead(owner))) || occupantsOf(join(this.#places.folders, name)).length > 0)
        continue
      left.push(name)
    }
    return left
  }

  #newest(): readonly string[] {
    const at = (name: string) => lookAt(join(this.#places.folders, name))?.ctimeMs ?? 0
    return [...namesIn(this.#places.folders)].sort((a, b) => at(b) - at(a)).slice(0, spares)
  }

  #named(commit: string): CheckFolder {
    const name = `${commit.slice(0, 12)}.${randomBytes(6).toString('hex')}`
    this.#ours.add(name)
    const { making, records } = this.#places
    return { name, files: join(making, name), index: join(records, name, 'index'), commit, sight: null }
  }

  async #putAside(from: CheckFolder, to: CheckFolder): Promise<boolean> {
    this.#ours.delete(from.name)
    mkdirSync(this.#places.making, { recursive: true })
    await moved(join(from.index, '..'), join(to.index, '..'))
    return moved(from.files, to.files)
  }

  /** Out of sight first: an interrupted removal leaves no half of a folder for anybody to find. */
  async #takeAway(folder: CheckFolder): Promise<void> {
    const aside = this.#named(folder.commit)
    await this.#putAside(folder, aside)
    failPoint('checkout-put-away')
    await this.drop(aside)
  }
}
