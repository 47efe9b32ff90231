// One process at a time on an embedded store: a lock file that names the holder and survives its kill -9.
// A holder is alive if its pid is, and if that process began when the holder did: pids come round again.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Refusal } from '../refusal'

interface Holder { pid: number; began: string }

/** Holds the folder until the returned function is called; refuses where another process does. */
export function claim(folder: string): () => void {
  const path = join(folder, 'lock')
  const mine = JSON.stringify(holderOf(process.pid))
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, mine)
  try {
    while (!linked(draft, path)) dislodge(folder, path)
  } finally {
    rmSync(draft, { force: true })
  }
  return () => { if (textOf(path) === mine) rmSync(path, { force: true }) }
}

/** A hard link appears whole or not at all, and never over another. */
function linked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (isCoded(error, 'EEXIST')) return false
    throw error
  }
}

/** Takes a dead holder's file out of the way; what turns out to be another's by then is put back. */
function dislodge(folder: string, path: string): void {
  const text = textOf(path)
  if (text === null) return
  const holder = parsed(text)
  if (holder && isAlive(holder)) throw inUse(folder, holder.pid)
  const aside = `${path}.${process.pid}.stale`
  try {
    renameSync(path, aside)
    if (textOf(aside) !== text) linked(aside, path)
  } catch (error) {
    if (!isCoded(error, 'ENOENT')) throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

const inUse = (folder: string, pid: number): Refusal =>
  new Refusal('STORE_UNAVAILABLE', `The store in ${folder} is in use by process ${pid}.`, {
    hint: `Stop process ${pid} first, or name another folder; two processes of one house need MongoDB.`, folder, pid,
  })

const isAlive = (holder: Holder): boolean => {
  const now = holderOf(holder.pid)
  return exists(holder.pid) && (now.began === '' || holder.began === '' || now.began === holder.began) && !isZombie(holder.pid)
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return !isCoded(error, 'ESRCH')
  }
}

/** Fields of the process behind its name, which stands in brackets and may hold spaces and brackets itself. */
const fieldsOf = (pid: number): string[] => textOf(`/proc/${pid}/stat`)?.replace(/^.*\) /s, '').split(' ') ?? []

/** Ended, but not collected by its parent yet. */
const isZombie = (pid: number): boolean => ['Z', 'X'].includes(fieldsOf(pid)[0] ?? '')

/** Since which boot and tick the process runs; '' where the system does not tell. */
function holderOf(pid: number): Holder {
  const boot = textOf('/proc/sys/kernel/random/boot_id')
  const tick = fieldsOf(pid)[19]
  return { pid, began: boot && tick ? `${boot.trim()}/${tick}` : '' }
}

function parsed(text: string): Holder | null {
  try {
    const value: unknown = JSON.parse(text)
    const holder = value as Partial<Holder> | null
    return holder && Number.isSafeInteger(holder.pid) && typeof holder.began === 'string' ? (holder as Holder) : null
  } catch {
    return null
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isCoded(error, 'ENOENT') || isCoded(error, 'ESRCH')) return null
    throw error
  }
}

const isCoded = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException | null)?.code === code
