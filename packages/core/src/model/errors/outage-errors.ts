import type { Explained } from './explained.ts'

/** Thrown when something that is needed does not work. `retryable` says whether it may pass by itself; `orch run` waits for that. */
export const outageErrors = {
  'port-failed': {
    when: 'An adapter or what is behind it did not answer, or answered with something that cannot be used.',
    help: 'The message names it; try again when it answers.',
  },
  'disk-full': {
    when: 'There is no room left on a disk that work or its records are written to.',
    help: 'Free some space; nothing that was acknowledged is lost, and the next call goes on.',
  },
  'no-access': {
    when: 'A path cannot be used: its disk is read-only, its owner or mode forbids it, or something else is in its place.',
    help: 'The message names it; make it usable, or move what is in its place away.',
  },
  'no-command': {
    when: 'The program of the agent cannot be run: not found, not executable, or its interpreter is missing.',
    help: 'Set `agent.command`; no task was started.',
  },
  'store-locked': {
    when: 'Another process kept the database locked for too long.',
    help: 'Try again; if it stays, end the process that has `orch.db`, or the Beads database, open.',
  },
  'store-damaged': {
    when: 'The database is damaged, truncated, emptied or no database.',
    help: 'Restore it from a copy, or move the folder `orch` in the git directory away and add the tasks again: commits and kept work are in git.',
  },
  'store-foreign': {
    when: 'The file with the name of our database belongs to another program. It was left as it is.',
    help: 'Move it away.',
  },
  'store-lost': {
    when: 'The database is gone or empty, though it was made and used before.',
    help: 'Restore it (or `.beads`) from a copy; or end the agents that still run, move the folder `orch` in the git directory away, and add the tasks again.',
  },
  'store-newer': {
    when: 'The database was written by a newer version of orch.',
    help: 'Update orch.',
  },
  'store-network': {
    when: 'The database would be on a network file system, where its locks do not hold.',
    help: 'Work in a clone on a local disk.',
  },
  'store-unusable': {
    when: 'SQLite cannot use the database where it is.',
    help: 'The message quotes SQLite; check the directory and the disk.',
  },
  'beads-unusable': {
    when: 'Beads is to be the queue, and `bd` is not installed, is none of 1.3, cannot open databases, or there is no database.',
    help: 'Install Beads 1.3 and put `bd` on `PATH`; `orch init --queue beads` makes a database.',
  },
  'git-missing': {
    when: 'The program `git` cannot be started.',
    help: 'Install git 2.39 or newer, or put it on `PATH`.',
  },
  'git-failed': {
    when: 'A git command failed for a reason that is no answer.',
    help: 'The message quotes git; `orch run` tries again.',
  },
  'remote-unreachable': {
    when: 'The remote that changes land on does not answer, or lets nobody in.',
    help: 'Nothing, if it comes back: it is tried again. Otherwise check the network, the address and `remote.auth`.',
  },
  'object-missing': {
    when: 'A commit or file that git should have is not in the repository.',
    help: 'See what `git fsck` says; fetch or restore what is missing.',
  },
  'in-use': {
    when: 'A process still works where something is to be put away or read.',
    help: 'End the process that the message names, or wait for it.',
  },
  'branch-moved': {
    when: 'The branch of a task moved while it was looked at.',
    help: 'Nothing: the next look takes it as it is then.',
  },
  paused: {
    when: 'This process stood still for longer than its lease, so another may have taken over.',
    help: 'Nothing: it looks again before it does anything.',
  },
  'no-workspace': {
    when: 'The directory that an agent is to work in does not exist.',
    help: 'Nothing, if it is made anew; otherwise `orch retry TASK`.',
  },
  'launcher-failed': {
    when: 'The process that starts an agent could not be started, or was killed at once.',
    help: 'Check the limits of processes and memory; shorten `agent.command` where the message says that it is too long.',
  },
  'spawner-ended': {
    when: 'The process that starts git and agents for a busy run was ended from outside.',
    help: 'Nothing: the next look starts another one.',
  },
  bug: {
    when: 'Something happened that must not happen.',
    help: 'Please report it with what ORCH_DEBUG=1 shows.',
  },
} as const satisfies Record<string, Explained>
