// Two nodes and a hub in one process, with real parts and real stores, and everything between them at the mercy of a schedule.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Beside } from '../../../src/domain/beside'
import type { RelatedRequest } from '../../../src/domain/dossier-parts'
import type { Fact, RequestState } from '../../../src/domain/request'
import type { Viewer } from '../../../src/domain/viewer'
import { Exchange } from '../../../src/hub/exchange'
import { LetterQuota } from '../../../src/hub/letter-quota'
import { actOnRequest, draftRequest, keyOf } from '../../../src/node/acts'
import { takeLetter } from '../../../src/node/record'
import { publishContactPoint, type ContactSaid } from '../../../src/node/contact-points'
import type { Work } from '../../../src/node/work'
import { Refusal } from '../../../src/refusal'
import { openEmbeddedStore } from '../../../src/store/embedded'
import type { Store } from '../../../src/store/store'
import { Oracle, type Seen } from '../../support/exchange-oracle'
import { DE, FR, NOW, type World as Wire } from '../../wire/houses'
import { Fragile, type Harm } from './fragile-store'
import { LAW, openNode, type Breakage, type HouseId, type RunningNode } from './house'
import { Network, type LineFate, type PostFate, type RunningHub } from './network'
import { consulted, entriesOf, rowsOf, seen, sharedFacts } from './observation'
import { Activity, VirtualTime } from './virtual-time'
import { actOrder, choicesOf, draftOrder, type Choice, type Taken } from './words'

export const HOUSES: readonly HouseId[] = [DE, FR]
export type Place = HouseId | 'hub'
export type Step =
  | { do: 'act'; house: HouseId; pick: number; word: number; burst: boolean }
  | { do: 'draft'; house: HouseId; kind: 'EVIDENCE' | 'PRESERVATION' }
  | { do: 'contact' | 'retry' | 'tick' | 'part' | 'join' | 'cut'; house: HouseId }
  | { do: 'network'; house: HouseId; posts: PostFate[]; lines: LineFate[] }
  | { do: 'harm'; place: Place; writes: number; harm: Harm; again: number }
  | { do: 'kill'; place: Place }
  | { do: 'replay'; which: number }
  | { do: 'pass'; seconds: number }

interface Attempt { key: string; run: (node: RunningNode) => Promise<unknown>; told: 'accepted' | 'refused' | 'nothing' }
interface Host { folder: string; base: Store; fragile: Fragile; attempts: Attempt[]; node: RunningNode | null; rearm: number; skewMs: number }

const TURNS = 200
const SUBJECTS = { drafter: 'official', second: 'validator' } as const
const viewerOf = (house: HouseId, subject: string): Viewer => ({ role: 'OFFICIAL', authority: house, subject, expiresAt: null, token: null, signedInAt: null })

/** A consultation that has ended is no longer there for the side that answered in it. */
const unlessGone = (thrown: unknown): void => { if (!(thrown instanceof Refusal) || thrown.code !== 'NOT_FOUND') throw thrown }

export class World {
  readonly time = new VirtualTime(NOW)
  readonly oracle = new Oracle()
  readonly log: string[] = []
  /** What no schedule may bring about: faults of ours, as opposed to refusals. */
  readonly faults: string[] = []
  readonly #activity = new Activity()
  readonly #network = new Network(() => this.#hub(), this.#activity)
  readonly #hosts = new Map<Place, Host>()
  readonly #keyNames = new Map<string, string>()
  #running: RunningHub | null = null
  #keys = 0

  private constructor(private readonly wire: Wire, private readonly breakage: Breakage) {}

  static async open(wire: Wire, breakage: Breakage = {}, skewMs = 0): Promise<World> {
    const world = new World(wire, breakage)
    for (const place of ['hub', ...HOUSES] as const) {
      const folder = mkdtempSync(join(IN_MEMORY, 'comity-exchange-'))
      world.#hosts.set(place, { folder, base: await openEmbeddedStore(folder), fragile: new Fragile(world.#activity, () => undefined), attempts: [], node: null, rearm: 0, skewMs: place === FR ? skewMs : 0 })
      await world.#start(place)
    }
    await world.#settle()
    return world
  }

  #host(place: Place): Host {
    const host = this.#hosts.get(place)
    if (!host) throw new TypeError(`no host ${place}`)
    return host
  }

  #hub(): RunningHub {
    if (!this.#running) throw new TypeError('the hub was never started')
    return this.#running
  }

  /** A new process over what the folder holds. It may die again while it starts. */
  async #start(place: Place): Promise<void> {
    const host = this.#host(place)
    for (let opened = false; !opened;) {
      const dead = new AbortController()
      host.fragile = new Fragile(this.#activity, () => dead.abort())
      if (host.rearm > 0) host.fragile.arm(host.rearm, 'part')
      host.rearm = 0
      const store = host.fragile.around(host.base)
      const { fragile } = host
      const died = new Promise<'died'>(resolve => dead.signal.addEventListener('abort', () => resolve('died'), { once: true }))
      if (place === 'hub') {
        const { quota } = this.breakage
        this.#running = { exchange: new Exchange({ store, directory: () => this.wire.directory, signer: this.wire.keys.hub.signer, now: this.time.now, ...(quota && { quota: new LetterQuota(quota, () => this.time.now().getTime()) }), log: { warn: (facts, message) => this.log.push(`hub ${message} ${JSON.stringify(facts)}`) } }), died: dead.signal }
        return
      }
      const now = (): Date => new Date(this.time.now().getTime() + host.skewMs)
      const node = openNode({ own: place, store, wire: this.wire, line: this.#network.lineOf(place, () => fragile.dead), time: this.time, now, breakage: this.breakage, logged: line => this.log.push(line) })
      const outcome = await Promise.race([node, died])
      opened = outcome !== 'died'
      if (outcome === 'died') await this.#reopened(host)
      else host.node = outcome
    }
  }

  /** What the dead process had under way lands or not; then the folder is opened anew. */
  async #reopened(host: Host): Promise<void> {
    await host.fragile.landed()
    await host.base.close()
    host.base = await openEmbeddedStore(host.folder)
  }

  async #revive(): Promise<void> {
    for (const [place, host] of this.#hosts) {
      if (!host.fragile.dead) continue
      host.node = null
      if (place !== 'hub') this.#network.cut(place)
      await this.#reopened(host)
      await this.#start(place)
    }
  }

  async #settle(): Promise<void> {
    await this.#activity.ceased()
    while ([...this.#hosts.values()].some(host => host.fragile.dead)) {
      await this.#revive()
      await this.#activity.ceased()
    }
  }

  /** Takes a step and tells what is broken then. */
  async step(step: Step): Promise<string[]> {
    await this.#take(step)
    if (step.do === 'act' && step.burst) return []
    await this.#settle()
    return [...this.faults, ...this.oracle.broken(await this.seen(false))]
  }

  async #take(step: Step): Promise<void> {
    switch (step.do) {
      case 'act': return this.#act(step.house, step.pick, step.word)
      case 'draft': return this.draft(step.house, step.kind)
      case 'contact': return this.publish(step.house, CONTACT, String(this.#keys))
      case 'retry': return this.#retry(step.house)
      case 'tick': return this.#tick(step.house)
      case 'part': return this.#network.part(step.house)
      case 'join': return this.#network.join(step.house)
      case 'cut': return this.#network.cut(step.house)
      case 'network': return this.#network.expect(step.house, step)
      case 'harm': {
        this.#host(step.place).rearm = step.harm === 'down' ? 0 : step.again
        return this.#host(step.place).fragile.arm(step.writes, step.harm)
      }
      case 'kill': return this.#host(step.place).fragile.kill()
      case 'replay': return this.#network.replay(step.which)
      case 'pass': return this.#pass(step.seconds * 1_000)
    }
  }

  #pass(ms: number): void {
    this.time.advance(ms)
    if (ms > 0) this.#network.beat()
  }

  /** The acts that this side may take now, on whatever request. */
  async choices(house: HouseId): Promise<(Choice & { reference: string; version: number; subject: string })[]> {
    const rows = (await rowsOf(house, this.#host(house).base)).sort((one, other) => (one.reference < other.reference ? -1 : 1)).filter(row => row.readers.includes(house))
    return rows.flatMap(({ reference, state }) => {
      return choicesOf(state, house, SUBJECTS.second).map(choice => ({ ...choice, reference, version: state.version, subject: choice.act === 'VALIDATE' ? SUBJECTS.second : SUBJECTS.drafter }))
    })
  }

  async #act(house: HouseId, pick: number, word: number): Promise<void> {
    const choices = await this.choices(house)
    const choice = choices[pick % Math.max(1, choices.length)]
    if (choice) await this.act(house, choice.act, choice.reference, { ...choice, word })
  }

  async act(house: HouseId, act: Taken, reference: string, { version, word = 0, beside, subject = act === 'VALIDATE' ? SUBJECTS.second : SUBJECTS.drafter as string }: { version?: number; word?: number; beside?: Beside; subject?: string } = {}): Promise<void> {
    const current = version ?? (await rowsOf(house, this.#host(house).base)).find(row => row.reference === reference)?.state.version ?? 0
    const order = actOrder({ act, ...(beside && { beside }) }, reference, current, word, this.time.now())
    this.#attempt(house, order.mutation, (work, key) => actOnRequest({ work, viewer: viewerOf(house, subject), law: LAW }, { ...order, idempotencyKey: key }))
  }

  publish(house: HouseId, said: ContactSaid, name: string): void {
    this.#attempt(house, 'contact', work => publishContactPoint(work, { ...viewerOf(house, 'desk'), role: 'LIAISON' }, [house === DE ? FR : DE], null, said, `contact:${house.slice(-2)}:${name}`), false)
  }

  draft(house: HouseId, kind: 'EVIDENCE' | 'PRESERVATION', relatedRequests: RelatedRequest[] = []): void {
    this.#attempt(house, 'draftRequest', (work, key) => {
      const order = draftOrder(house === DE ? 'DE' : 'FR', kind, key)
      return draftRequest({ work, viewer: viewerOf(house, SUBJECTS.drafter), law: LAW }, { ...order, dossier: { ...order.dossier, relatedRequests } }, house === DE ? FR : DE)
    })
  }

  #attempt(house: HouseId, mutation: string, decide: (work: Work, key: string) => unknown, keyed = true): void {
    const key = `${house.slice(-2)}-${this.#keys++}`
    if (keyed) this.#keyNames.set(keyOf(mutation, key, null).name, key)
    const attempt: Attempt = { key, run: node => node.writer.write(work => decide(work, key)), told: 'nothing' }
    if (keyed) this.#host(house).attempts.push(attempt)
    this.#run(house, attempt)
  }

  #run(house: HouseId, attempt: Attempt, saysNothing = ['STORE_UNAVAILABLE']): void {
    const { node } = this.#host(house)
    if (!node) return
    attempt.run(node).then(() => { attempt.told = 'accepted' }, (thrown: unknown) => {
      if (!(thrown instanceof Refusal)) this.faults.push(`${attempt.key}: ${String(thrown)}`)
      else if (!saysNothing.includes(thrown.code)) attempt.told = 'refused'
    })
  }

  /** Whoever was told nothing asks again, with the same key. Whether the request is still there is looked at before the key: a consultation may have ended meanwhile. */
  #retry(house: HouseId): void {
    for (const attempt of this.#host(house).attempts) if (attempt.told === 'nothing') this.#run(house, attempt, ['STORE_UNAVAILABLE', 'NOT_FOUND'])
  }

  #tick(house: HouseId): void {
    this.#host(house).node?.clock.tick().catch((thrown: unknown) => { if (!(thrown instanceof Refusal)) this.faults.push(String(thrown)) })
  }

  seen(wholly: boolean): Promise<Seen> {
    return seen(HOUSES.map(id => {
      const { base: store, attempts } = this.#host(id)
      const told = (what: Attempt['told']): Set<string> => new Set(attempts.filter(attempt => attempt.told === what).map(attempt => attempt.key))
      return { id, store, accepted: told('accepted'), refused: told('refused'), keyNames: this.#keyNames }
    }), this.#network, wholly)
  }

  /** The network is well, nothing dies any more, officials repeat what they got no answer to. Tells what is still wrong once nothing moves. */
  async heal(): Promise<string[]> {
    for (const host of this.#hosts.values()) { host.fragile.disarm(); host.rearm = 0 }
    this.#network.heal()
    while (this.#network.held > 0) await this.#network.replay(0)
    for (const house of HOUSES) this.#retry(house)
    let wrong: string[] = []
    for (let round = 0; round < HEALING_ROUNDS; round++) {
      for (const house of HOUSES) this.#tick(house)
      await this.#settle()
      wrong = [...this.faults, ...this.oracle.unsettled(await this.seen(false))]
      if (!wrong.some(each => each.startsWith('I5') || each.startsWith('I6'))) break
      this.#pass(round < 2 ? 1_500 : 700_000)
    }
    return wrong.length > 0 ? wrong : this.#atRest()
  }

  async #atRest(): Promise<string[]> {
    const wrong = this.oracle.unsettled(await this.seen(true))
    const [mine, theirs] = await Promise.all(HOUSES.map(id => entriesOf(this.#host(id).base)))
    const [one, other] = [sharedFacts(DE, mine ?? []), sharedFacts(FR, theirs ?? [])]
    const consultations = [mine, theirs].map(entries => JSON.stringify([...consulted(entries ?? [])].sort()))
    if (consultations[0] !== consultations[1]) wrong.push(`the consultations differ:\n${consultations.join('\n--\n')}`)
    for (const reference of new Set([...one.keys(), ...other.keys()])) {
      const [mine, theirs] = [one.get(reference) ?? [], other.get(reference) ?? []]
      if (theirs.length > 0 && mine.length > 0 && mine.join('\n') !== theirs.join('\n')) wrong.push(`the timelines of ${reference} differ:\n${mine.join('\n')}\n--\n${theirs.join('\n')}`)
    }
    for (const house of HOUSES) wrong.push(...(await this.#repeated(house)), ...(await this.#rebuilt(house)))
    return [...wrong, ...this.faults]
  }

  /** Whoever was told that an act is accepted may ask again with the same key, for ever: nothing comes of it. */
  async #repeated(house: HouseId): Promise<string[]> {
    const { base, node, attempts } = this.#host(house)
    const before = await base.log('ledger').last()
    for (const attempt of attempts) {
      if (attempt.told === 'accepted' && node && (await this.#unanswered(attempt.run(node).catch(unlessGone)))) return [`I9 ${house} never answers the repeat of ${attempt.key}`]
    }
    return (await base.log('ledger').last()) === before ? [] : [`I9 ${house} recorded a repeat`]
  }

  /** The docket, dropped and folded anew from the ledger, is what it was. */
  async #rebuilt(house: HouseId): Promise<string[]> {
    const { base, node } = this.#host(house)
    if (!node) return [`${house} does not run`]
    const shown = async (): Promise<string> => JSON.stringify([await rowsOf(house, base), await base.documents('keys').list({ prefix: '', limit: 10_000 }), await base.documents('contacts').list({ prefix: '', limit: 10_000 }), node.docket.tally])
    const before = await shown()
    if (await this.#unanswered(node.docket.rebuild())) return [`${house}'s docket cannot be rebuilt`]
    return (await shown()) === before ? [] : [`${house}'s docket was not what its ledger makes of it`]
  }

  /** Lets everything go on until it holds, or for two hundred turns: a busy machine needs more than one. */
  async until<Value>(read: () => Promise<Value>, holds: (value: Value) => boolean): Promise<Value> {
    for (let turn = 0; ; turn++) {
      const value = await read()
      if (holds(value) || turn === TURNS) return value
      const broken = await this.step({ do: 'pass', seconds: 0 })
      if (broken.length > 0) throw new TypeError(broken.join('\n'))
    }
  }

  /** A letter that a thief of the partner's keys wrote, next in number; the reason for which it is rejected, null where it is taken. */
  async forged(house: HouseId, kind: 'fact' | 'proposal', body: object): Promise<string | null> {
    const { node, base } = this.#host(house)
    if (!node) throw new TypeError(`${house} does not run`)
    const authority = house === DE ? FR : DE
    const origin = { authority, n: (node.docket.tally.received[authority] ?? 0) + 1, id: 'forged', digest: 'f'.repeat(64) }
    await node.writer.write(work => takeLetter(work, LAW, { origin, letter: { kind, body, contents: [] } }))
    return (await entriesOf(base)).at(-1)?.body.reason ?? null
  }

  /** What a house has written, past all that befalls its process. */
  storeOf(place: Place): Store { return this.#host(place).base }

  /** Every fact in a house's ledger, in its order. */
  async facts(house: HouseId): Promise<Fact[]> { return (await entriesOf(this.#host(house).base)).flatMap(({ body }) => body.fact ?? []) }

  async stateOf(house: HouseId, reference: string): Promise<RequestState | undefined> {
    return (await rowsOf(house, this.#host(house).base)).find(row => row.reference === reference)?.state
  }

  /** Whether it is still waited for when nothing moves, however late it gets. */
  async #unanswered(waited: Promise<unknown>): Promise<boolean> {
    const answered = waited.then(() => false)
    for (let round = 0; round < HEALING_ROUNDS; round++) {
      if (!(await Promise.race([answered, this.#activity.ceased().then(() => true)]))) return false
      this.time.advance(1_500)
    }
    return true
  }

  async close(): Promise<void> {
    for (const { node, fragile, base, folder } of this.#hosts.values()) {
      node?.stop()
      fragile.kill()
      await fragile.landed()
      await base.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** Processes die here, the machine does not: no disk is needed. */
const IN_MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
const HEALING_ROUNDS = 12
export const CONTACT: ContactSaid = { function: 'Desk', channels: [{ kind: 'PHONE', address: '+49 30 1' }], languages: ['de'], roundTheClock: true, competences: ['EVIDENCE' as const], reviewBy: '2027-01-01' }
