// Each peer is beaten once in a while, and never all of them together: thousands of pings at once would hold up what desks are told meanwhile.
export const BEAT_MS = 10_000
const SLOTS = 50

export class Beats<Peer> {
  readonly #slots = Array.from({ length: SLOTS }, () => new Set<Peer>())
  readonly #timer: NodeJS.Timeout
  readonly #since = performance.now()
  #joined = 0
  #beaten = 0

  constructor(private readonly beat: (peer: Peer) => void) {
    this.#timer = setInterval(() => this.#goOn(), BEAT_MS / SLOTS).unref()
  }

  /** The returned function takes the peer out. */
  add(peer: Peer): () => void {
    const slot = this.#slotOf(this.#joined++)
    slot.add(peer)
    return () => void slot.delete(peer)
  }

  close(): void { clearInterval(this.#timer) }

  /** A process that was held up catches up: what is ten seconds stays ten seconds. */
  #goOn(): void {
    const due = Math.floor((performance.now() - this.#since) * (SLOTS / BEAT_MS))
    for (const upTo = Math.min(due, this.#beaten + SLOTS); this.#beaten < upTo; this.#beaten++) for (const peer of this.#slotOf(this.#beaten)) this.beat(peer)
    this.#beaten = due
  }

  #slotOf(count: number): Set<Peer> { return this.#slots[count % SLOTS] as Set<Peer> }
}
