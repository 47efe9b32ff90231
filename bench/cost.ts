// What a process used so far, from /proc: the same on every Linux that Node runs on.
import { readFileSync } from 'node:fs'

const TICK_MS = 10

export interface Cost { /** User and system. */ cpuMs: number; rssKb: number }

export function costOf(pid: number): Cost {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return { cpuMs: (Number(stat[11]) + Number(stat[12])) * TICK_MS, rssKb: Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) }
}
