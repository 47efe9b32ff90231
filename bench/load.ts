// Loads a house over HTTP: as fast as some callers at once can go, or at a fixed rate. Every request differs from every other.
import { performance } from 'node:perf_hooks'
import { Pool } from 'undici'
import { costOf } from './cost'
import { percentile } from './figures'

export const ROUNDS = 3
export const FOR_MS = 3_000
const AT_ONCE = 8
/** Of what the slower of the two can do. */
const RATE_SHARE = 0.5

export interface Asked { path: string; token: string | null; body: string }
/** How one request is made: the n-th differs from every other. */
export type Asking = (n: number) => Asked
export interface Peer { url: string; pid: number; asking: Asking }
export interface Measured { cpuMs: number; perSecond: number; p50: number; p99: number; bytes: number; rssMb: number }

export const graphql = (query: string, variables: object, token: string | null): Asked => ({ path: '/graphql', token, body: JSON.stringify({ query, variables }) })

/** Rounds alternate; the order within a round turns. */
export async function beside(peers: [Peer, Peer]): Promise<[Measured[], Measured[]]> {
  const measured: [Measured[], Measured[]] = [[], []]
  for (const peer of peers) await closedLoop(peer, FOR_MS / 3)
  for (let round = 0; round < ROUNDS; round++) {
    const speeds = [0, 0]
    const costs: Omit<Measured, 'p50' | 'p99'>[] = []
    for (const which of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      costs[which] = await closedLoop(peers[which], FOR_MS)
      speeds[which] = costs[which].perSecond
    }
    const rate = RATE_SHARE * Math.min(...speeds)
    for (const which of [0, 1] as const) measured[which].push({ ...(costs[which] as Measured), ...(await fixedRate(peers[which], rate, FOR_MS)) })
  }
  return measured
}

let asked = 0
const pools = new Map<string, Pool>()

async function call({ url, asking }: Peer): Promise<number> {
  const { path, token, body } = asking(++asked)
  const pool = pools.get(url) ?? new Pool(url, { connections: 64 })
  pools.set(url, pool)
  const answer = await pool.request({ method: 'POST', path, headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }, body })
  const text = Buffer.from(await answer.body.arrayBuffer())
  if (answer.statusCode !== 200 || text.includes('"errors"')) throw new TypeError(`${answer.statusCode}: ${text.toString().slice(0, 500)}`)
  return text.length
}

export async function closedLoop(peer: Peer, forMs: number, atOnce = AT_ONCE): Promise<Omit<Measured, 'p50' | 'p99'>> {
  const [before, begun] = [costOf(peer.pid), performance.now()]
  let calls = 0
  let bytes = 0
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (; performance.now() - begun < forMs; calls++) {
      const length = await call(peer)
      bytes += length
    }
  }))
  const [after, tookMs] = [costOf(peer.pid), performance.now() - begun]
  return { cpuMs: (after.cpuMs - before.cpuMs) / calls, perSecond: (calls * 1_000) / tookMs, bytes: bytes / calls, rssMb: after.rssKb / 1_024 }
}

/** Each request at its own time, whether those before were answered or not; late ones count from when they were due. */
export async function fixedRate(peer: Peer, perSecond: number, forMs: number): Promise<Pick<Measured, 'p50' | 'p99'>> {
  const took: number[] = []
  const open: Promise<void>[] = []
  const begun = performance.now()
  for (let due = begun; due < begun + forMs;) {
    const wait = due - performance.now()
    if (wait > 0) await new Promise(resolve => setTimeout(resolve, wait))
    for (; due <= performance.now(); due += 1_000 / perSecond) {
      const from = due
      open.push(call(peer).then(() => { took.push(performance.now() - from) }))
    }
  }
  await Promise.all(open)
  return { p50: percentile(took, 0.5), p99: percentile(took, 0.99) }
}
