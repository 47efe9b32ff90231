// Lines to partners' houses, opened on first need: whether a house is there. Knows no request.
import type { DutySlot } from '../../resolvers/context'
import type { HousePeer } from '../peer/client'
import { isReady } from '../peer/outcome'
import type { Directory } from '../wire/directory'

const REACHED_WITHIN_MS = 2_000

export class PartnerLines {
  /** By address: a partner that moved gets a new line. */
  readonly #peers = new Map<string, HousePeer>()

  constructor(private readonly directory: () => Directory, private readonly peerOf: (authority: string, url: string) => HousePeer) {}

  async reach(authority: string, signal: AbortSignal): Promise<Pick<DutySlot, 'state' | 'tookMs' | 'reason'>> {
    const url = this.directory().authority(authority)?.url
    if (!url) return { state: 'UNREACHABLE', tookMs: 0, reason: 'NO_CONNECTION' }
    const peer = this.#peers.get(url) ?? this.peerOf(authority, url)
    this.#peers.set(url, peer)
    return isReady(await peer.get('/health/ready', { deadlineMs: REACHED_WITHIN_MS, signal }))
  }

  async close(): Promise<void> { await Promise.all([...this.#peers.values()].map(peer => peer.close())) }
}
