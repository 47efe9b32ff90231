// What has to hold of any exchange between houses, judged from outside: from their ledgers, the receipts on the wire, and what officials
// were told. Shared by the pure model and by the real code, so that both are held to the same promises (I1–I9).

/** A letter as one side knows it; `body` and `letter` are null where that side cannot know them. */
export interface LetterSeen { peer: string; n: number; body: string | null; letter: string | null }
/** A decided entry of a request. */
export interface EntrySeen { version: number; status: string; digest: string; /** From SUBMITTED on. */ shared: boolean; /** Stands beside the status. */ beside?: boolean; /** Shows the request to this side, which was not told what the other did alone before. */ shown?: boolean }

export interface HouseSeen {
  house: string
  /** What its ledger addresses to others and what it holds of others' letters, both in the ledger's order. */
  sent: readonly LetterSeen[]
  applied: readonly LetterSeen[]
  /** Letters for which it holds the addressee's receipt. */
  acked: readonly LetterSeen[]
  /** What is wrong with its ledger; null where nothing is. */
  fault: string | null
  timelines: ReadonlyMap<string, readonly EntrySeen[]>
  /** Own acts that no answer has come for. */
  pending: readonly string[]
  /** Keys of the acts that an official was told are accepted, and of those refused. */
  accepted: ReadonlySet<string>
  refused: ReadonlySet<string>
  /** Keys of the acts in its ledger, one for each entry. */
  recorded: readonly string[]
}
/** What was said on the wire of one letter: itself, or its receipt. */
export interface Worded { letter: string; text: string }
export interface Seen { houses: readonly HouseSeen[]; receipts: readonly Worded[]; letters: readonly Worded[] }

const FINAL = ['CONFIRMED', 'REFUSED', 'IMPOSSIBLE', 'WITHDRAWN', 'REDIRECTED', 'EXPIRED', 'CLOSED']

export class Oracle {
  readonly #shown = new Map<string, readonly EntrySeen[]>()

  /** What is broken now, whatever is still under way. */
  broken(seen: Seen): string[] {
    const found = pairs(seen).flatMap(([sender, receiver]) => [...prefixFaults(sender, receiver), ...receiptFaults(sender, receiver)])
    return [...found, ...unequal('receipts for', seen.receipts), ...unequal('wordings of', seen.letters), ...headFaults(seen, false), ...seen.houses.flatMap(house => [...this.#own(house)])]
  }

  /** What is broken once the network is well again and nothing moves any more. */
  unsettled(seen: Seen): string[] {
    const found = pairs(seen).flatMap(([sender, receiver]) => {
      const sent = sender.sent.filter(letter => letter.peer === receiver.house).length
      const counts = { applied: to(receiver.applied, sender).length, acked: to(sender.acked, receiver).length }
      return Object.entries(counts).filter(([, count]) => count !== sent).map(([what, count]) => `I5 ${sender.house} sent ${sent} letters to ${receiver.house}, ${count} are ${what}`)
    })
    const waiting = seen.houses.flatMap(house => house.pending.map(act => `I5 ${house.house} never got an answer to ${act}`))
    return [...this.broken(seen), ...found, ...waiting, ...headFaults(seen, true)]
  }

  *#own(house: HouseSeen): Generator<string> {
    const twice = repeated(house.applied.map(({ peer, n }) => `${peer}/${n}`))
    if (twice.length > 0) yield `I3 ${house.house} let letters take effect twice: ${twice.join()}`
    if (house.fault) yield `I6 ${house.house}'s ledger: ${house.fault}`
    yield* actFaults(house)
    for (const [reference, timeline] of house.timelines) {
      yield* versionFaults(`${house.house} ${reference}`, timeline)
      const before = this.#shown.get(`${house.house} ${reference}`) ?? []
      if (before.some((entry, i) => entry.digest !== timeline[i]?.digest)) yield `I8 ${house.house} ${reference}: what was shown before is no longer so`
    }
    for (const key of [...this.#shown.keys()].filter(each => each.startsWith(`${house.house} `))) {
      if (!house.timelines.has(key.slice(house.house.length + 1))) yield `I8 ${key}: a request that was shown is gone`
    }
    for (const [reference, timeline] of house.timelines) this.#shown.set(`${house.house} ${reference}`, timeline)
  }
}

const pairs = ({ houses }: Seen): [HouseSeen, HouseSeen][] => houses.flatMap(one => houses.filter(other => other !== one).map((other): [HouseSeen, HouseSeen] => [one, other]))
const to = (letters: readonly LetterSeen[], { house }: HouseSeen): LetterSeen[] => letters.filter(letter => letter.peer === house)
const repeated = (names: readonly string[]): string[] => names.filter((name, i) => names.indexOf(name) !== i)
const differ = (one: string | null, other: string | null): boolean => one !== null && other !== null && one !== other

/** I1: what the receiver applied is the beginning of what the sender sent. */
function* prefixFaults(sender: HouseSeen, receiver: HouseSeen): Generator<string> {
  const sent = to(sender.sent, receiver)
  for (const [i, letter] of to(receiver.applied, sender).entries()) {
    if (letter.n !== i + 1 || sent[i]?.n !== letter.n) return yield `I1 ${receiver.house} applied letter ${letter.n} of ${sender.house} in place ${i + 1}`
    if (differ(sent[i].body, letter.body)) return yield `I1 ${receiver.house} applied other words than ${sender.house} sent in letter ${letter.n}`
  }
}

/** I2: a receipt in the sender's hands means that the addressee's ledger has the letter. */
function* receiptFaults(sender: HouseSeen, receiver: HouseSeen): Generator<string> {
  const applied = new Map(to(receiver.applied, sender).map(letter => [letter.n, letter]))
  for (const { n, letter } of to(sender.acked, receiver)) {
    const there = applied.get(n)
    if (!there || differ(there.letter, letter)) yield `I2 ${sender.house} holds a receipt for letter ${n}, which ${receiver.house} has not applied`
  }
}

/** I4: a receipt that is sent again is the same bytes, and so is a letter. */
function unequal(what: string, worded: readonly Worded[]): string[] {
  const first = new Map<string, string>()
  return worded.flatMap(({ letter, text }) => {
    const known = first.get(letter) ?? text
    first.set(letter, known)
    return known === text ? [] : [`I4 two ${what} letter ${letter}`]
  })
}

/** I6: of the two sides' chains one is the beginning of the other; at rest they are the same. */
function headFaults(seen: Seen, atRest: boolean): string[] {
  return pairs(seen).filter(([one, other]) => one.house < other.house).flatMap(([one, other]) =>
    [...one.timelines].flatMap(([reference, timeline]) => {
      const [mine, theirs] = [timeline, other.timelines.get(reference) ?? []].map(each => each.filter(entry => entry.shared).map(entry => entry.digest))
      if (!mine || !theirs) return []
      if (atRest && theirs.length > 0 && mine.length !== theirs.length) return [`I6 ${reference}: ${one.house} has ${mine.length} shared entries, ${other.house} ${theirs.length}`]
      return mine.slice(0, theirs.length).every((digest, i) => digest === theirs[i]) ? [] : [`I6 ${reference}: the chains of ${one.house} and ${other.house} part`]
    }))
}

/** I7: versions without a hole, but for what a side was not shown; I8: behind a final status nothing but CLOSED, and what stands beside the status never changes it. */
function* versionFaults(what: string, timeline: readonly EntrySeen[]): Generator<string> {
  for (const [i, entry] of timeline.entries()) {
    const before = timeline[i - 1]
    if (before && (entry.shown ? entry.version <= before.version : entry.version !== before.version + 1)) yield `I7 ${what}: version ${entry.version} follows ${before.version}`
    const follows = before?.version === entry.version - 1
    if (entry.beside && follows && entry.status !== before.status) yield `I8 ${what}: what stands beside ${before.status} made it ${entry.status}`
    const isBeside = entry.beside && before?.status !== 'CLOSED'
    if (before && FINAL.includes(before.status) && entry.status !== 'CLOSED' && !isBeside) yield `I8 ${what}: ${entry.status} follows ${before.status}`
  }
}

/** I9: one entry for each act that was told as accepted, none for a refused one, never two for a key. */
function* actFaults({ house, accepted, refused, recorded }: HouseSeen): Generator<string> {
  const twice = repeated(recorded)
  if (twice.length > 0) yield `I9 ${house} recorded acts twice: ${twice.join()}`
  for (const key of accepted) if (!recorded.includes(key)) yield `I9 ${house} told an official that ${key} is accepted, and has not recorded it`
  for (const key of refused) if (recorded.includes(key)) yield `I9 ${house} told an official that ${key} is refused, and recorded it`
}
