// Keys that change while a letter or its receipt is on its way: each house has its own copy of the directory and takes the next one when the test says so.
// Whatever key holds no more, the letter comes: once, under the id that it always had.
import { verified } from '../../src/cli/verify'
import { openHouseKeys, type HouseKeys } from '../../src/wire/house-keys'
import { createHouseKeys, KEY_USES, type KeyUse, type KeysFile, type PublicKey } from '../../src/wire/keys'
import type { Directory, DirectorySnapshot } from '../../src/wire/directory'
import { DE, FR, later, NOW, redirect, world as wireWorld, type World as Wire } from '../wire/houses'
import type { Breakage, HouseId } from './exchange/house'
import { World, type Place, type Step } from './exchange/two-houses'

const REFERENCE = 'DE-2026-000001'
const PLACES: readonly Place[] = ['hub', DE, FR]
/** A house's first key for a use, or its first two. */
type Named = [place: Place, use: KeyUse, upTo?: number]

/** Two houses and a hub whose directories are swapped one by one. */
class Rotation {
  readonly #directories: Map<Place, Directory>
  readonly #keys = new Map<Place, HouseKeys>()
  readonly #files: Record<Place, KeysFile>
  #version: number
  world!: World

  private constructor(private readonly wire: Wire) {
    this.#directories = new Map(PLACES.map(place => [place, wire.directory]))
    this.#files = { hub: structuredClone(wire.files.hub), [DE]: structuredClone(wire.files[DE]), [FR]: structuredClone(wire.files[FR]) } as Record<Place, KeysFile>
    this.#version = wire.directory.version
  }

  static async open(wire: Wire): Promise<Rotation> {
    const rotation = new Rotation(wire)
    for (const place of PLACES) {
      const listed = (kid: string, use: KeyUse): PublicKey | null => rotation.at(place).key(kid, use)?.key ?? null
      rotation.#keys.set(place, await openHouseKeys(rotation.#files[place], { now: () => rotation.world?.time.now() ?? NOW, listed }))
    }
    const hub = { ...wire, keys: { ...wire.keys, hub: rotation.#keysOf('hub') } }
    Object.defineProperty(hub, 'directory', { get: () => rotation.at('hub') })
    const mine = <Parts extends { own: string; directory: () => Directory }>(parts: Parts): Parts =>
      ({ ...parts, directory: () => rotation.at(parts.own as HouseId), signer: rotation.#keysOf(parts.own as HouseId).signer, keys: rotation.#keysOf(parts.own as HouseId) })
    const breakage: Breakage = { courier: mine, collector: mine }
    rotation.world = await World.open(hub, breakage)
    return rotation
  }

  at(place: Place): Directory { return this.#directories.get(place) ?? this.wire.directory }
  #keysOf(place: Place): HouseKeys { return this.#keys.get(place) ?? this.wire.keys[place] }

  /** The next keys of a house lie in its file; nobody lists them yet. */
  async layIn(place: Place): Promise<void> {
    this.world.time.advance(1_000)
    const made = await createHouseKeys(place, this.world.time.now())
    const file = this.#files[place]
    this.#files[place] = { ...file, keys: [...file.keys, ...made.keys], publicKeys: [...file.publicKeys, ...made.publicKeys] }
    await this.#keysOf(place).reload(this.#files[place])
  }

  /** The private half of a key is gone. */
  async lose(place: Place, use: KeyUse): Promise<void> {
    const file = this.#files[place]
    const old = file.keys.find(key => key.use === use)
    this.#files[place] = { ...file, keys: file.keys.filter(key => key !== old) }
    await this.#keysOf(place).reload(this.#files[place])
  }

  /** The next directory: all that lies in the files, and these keys revoked, or ended. */
  async sign(changes: { revoked?: readonly Named[]; ended?: readonly Named[]; at?: Date } = {}, more: (snapshot: DirectorySnapshot) => void = () => undefined): Promise<Directory> {
    const at = (changes.at ?? this.world.time.now()).toISOString()
    const changed = (place: Place, key: PublicKey, i: number): PublicKey => {
      const isNamed = (list: readonly Named[] = []): boolean => list.some(([each, use, upTo = 1]) => i < upTo * KEY_USES.length && each === place && use === key.use)
      return { ...key, ...(isNamed(changes.revoked) && { revokedAt: at }), ...(isNamed(changes.ended) && { notAfter: at }) }
    }
    return redirect(this.wire, snapshot => {
      snapshot.version = this.#version += 1
      snapshot.hub.keys = this.#files.hub.publicKeys.map((key, i) => changed('hub', key, i))
      for (const row of snapshot.authorities) if (row.id === DE || row.id === FR) row.keys = this.#files[row.id].publicKeys.map((key, i) => changed(row.id as HouseId, key, i))
      more(snapshot)
    })
  }

  take(directory: Directory, ...places: readonly Place[]): void { for (const place of places) this.#directories.set(place, directory) }
}

let wire: Wire
let rotation: Rotation
let world: World
beforeAll(async () => { wire = await wireWorld() })
beforeEach(async () => {
  rotation = await Rotation.open(wire)
  world = rotation.world
  await take({ do: 'draft', house: DE, kind: 'EVIDENCE' })
  await world.act(DE, 'VALIDATE', REFERENCE)
  await take(settle)
})
afterEach(() => world.close())

/** A letter that was sealed anew is another text on the wire, by design: all else must be as it always is. */
const sealedAnew = (broken: readonly string[]): string[] => broken.filter(each => !each.startsWith('I4'))
const settle: Step = { do: 'pass', seconds: 0 }
const take = async (...steps: Step[]): Promise<void> => { for (const step of steps) expect(sealedAnew(await world.step(step))).toEqual([]) }
const submitted = async (): Promise<void> => {
  await world.act(DE, 'SUBMIT', REFERENCE)
  await take(settle)
}
const actsOf = async (house: HouseId): Promise<(string | null)[]> => (await world.facts(house)).map(({ act }) => act)
const statusOf = async (house: HouseId): Promise<string | undefined> => (await world.stateOf(house, REFERENCE))?.status

/** Both houses have the request as delivered, each letter taken once and receipted, nothing refused. */
async function demandDelivered(): Promise<void> {
  expect(sealedAnew(await world.heal())).toEqual([])
  expect([await statusOf(DE), await statusOf(FR)]).toEqual(['DELIVERED', 'DELIVERED'])
  expect((await actsOf(FR)).filter(act => act === 'SUBMIT')).toEqual(['SUBMIT'])
}

describe('a submission whose sender changes keys', () => {
  test('comes though its addressee does not know the new key yet', async () => {
    await rotation.layIn(DE)
    rotation.take(await rotation.sign(), DE, 'hub')
    await submitted()
    expect(await statusOf(FR)).toBeUndefined()
    rotation.take(await rotation.sign(), FR)
    await demandDelivered()
  })

  test('comes though the hub does not know the new key yet, soon after it does', async () => {
    await rotation.layIn(DE)
    const next = await rotation.sign()
    rotation.take(next, DE)
    await submitted()
    rotation.take(next, 'hub', FR)
    await take({ do: 'pass', seconds: 2 }, { do: 'pass', seconds: 3 })
    expect(await world.until(() => statusOf(FR), status => status === 'DELIVERED')).toBe('DELIVERED')
    await demandDelivered()
  })

  test.each([['revoked'], ['ended']] as const)('comes where its key was %s before the hub took it', async how => {
    await rotation.layIn(DE)
    await take({ do: 'part', house: DE })
    await submitted()
    rotation.take(await rotation.sign({ [how]: [[DE, 'sign'], [DE, 'encrypt']] }), ...PLACES)
    await demandDelivered()
  })

  test.each([['revoked'], ['ended']] as const)('comes where its key was %s after the hub took it and before its addressee did', async how => {
    await rotation.layIn(DE)
    await take({ do: 'part', house: FR })
    await submitted()
    rotation.take(await rotation.sign({ [how]: [[DE, 'sign'], [DE, 'encrypt']] }), ...PLACES)
    await demandDelivered()
  })

  test('comes where its addressee heard of the revocation first and met the letter in between', async () => {
    await rotation.layIn(DE)
    await take({ do: 'part', house: FR })
    await submitted()
    const next = await rotation.sign({ revoked: [[DE, 'sign']] })
    rotation.take(next, FR)
    await take({ do: 'join', house: FR }, { do: 'pass', seconds: 2 })
    expect(await statusOf(FR)).toBeUndefined()
    rotation.take(next, DE, 'hub')
    await demandDelivered()
  })

  test('is taken once where its addressee took it, and died before it could say so', async () => {
    await rotation.layIn(DE)
    await take({ do: 'network', house: FR, posts: Array.from({ length: 40 }, () => 'lost' as const), lines: [] })
    await submitted()
    await world.until(() => statusOf(FR), status => status === 'DELIVERED')
    await take({ do: 'kill', place: FR })
    rotation.take(await rotation.sign({ revoked: [[DE, 'sign']] }), ...PLACES)
    await demandDelivered()
  })

  test('comes with all that went before it and after it, in order', async () => {
    await rotation.layIn(DE)
    await take({ do: 'part', house: FR })
    await submitted()
    await world.act(DE, 'WITHDRAW', REFERENCE)
    await take(settle)
    rotation.take(await rotation.sign({ revoked: [[DE, 'sign']] }), ...PLACES)
    expect(sealedAnew(await world.heal())).toEqual([])
    expect([await statusOf(DE), await statusOf(FR)]).toEqual(['WITHDRAWN', 'WITHDRAWN'])
  })
})

describe('a submission whose addressee changes keys', () => {
  test.each([['revoked'], ['ended']] as const)('comes where the key that it was sealed for was %s and its private half is gone', async how => {
    await rotation.layIn(FR)
    await take({ do: 'part', house: FR })
    await submitted()
    rotation.take(await rotation.sign({ [how]: [[FR, 'encrypt']] }), ...PLACES)
    await rotation.lose(FR, 'encrypt')
    await demandDelivered()
  })

  test('comes where the old key still opens it', async () => {
    await rotation.layIn(FR)
    await take({ do: 'part', house: FR })
    await submitted()
    rotation.take(await rotation.sign({ revoked: [[FR, 'encrypt'], [FR, 'sign']] }), ...PLACES)
    await demandDelivered()
  })

  test.each([['revoked'], ['ended']] as const)('is receipted anew where the key of its receipt was %s before the hub took it', async how => {
    await rotation.layIn(FR)
    await take({ do: 'network', house: FR, posts: Array.from({ length: 40 }, () => 'lost' as const), lines: [] })
    await submitted()
    await world.until(() => statusOf(FR), status => status === 'DELIVERED')
    rotation.take(await rotation.sign({ [how]: [[FR, 'sign']] }), ...PLACES)
    await demandDelivered()
  })

  test.each([['revoked'], ['ended']] as const)('is receipted anew where the key of its receipt was %s before its sender took it', async how => {
    await rotation.layIn(FR)
    await submittedUnheard()
    rotation.take(await rotation.sign({ [how]: [[FR, 'sign']] }), ...PLACES)
    await take({ do: 'join', house: DE })
    await demandDelivered()
  })

  test('is receipted though its sender does not know the key of the receipt yet', async () => {
    await rotation.layIn(FR)
    const next = await rotation.sign()
    rotation.take(next, FR, 'hub')
    await submitted()
    await world.until(() => statusOf(FR), status => status === 'DELIVERED')
    await take({ do: 'pass', seconds: 5 })
    rotation.take(next, DE)
    await demandDelivered()
  })

  test('is receipted though the hub does not know the key of the receipt yet', async () => {
    await rotation.layIn(FR)
    const next = await rotation.sign()
    rotation.take(next, FR, DE)
    await submitted()
    await world.until(() => statusOf(FR), status => status === 'DELIVERED')
    await take({ do: 'pass', seconds: 5 })
    rotation.take(next, 'hub')
    await demandDelivered()
  })
})

/** Germany hands its letter over and hears nothing more; its receipt waits at the hub. */
async function submittedUnheard(): Promise<void> {
  await take({ do: 'part', house: FR })
  await submitted()
  await take({ do: 'part', house: DE }, { do: 'join', house: FR }, { do: 'pass', seconds: 2 })
  await world.until(() => statusOf(FR), status => status === 'DELIVERED')
  await take({ do: 'pass', seconds: 2 })
}

test('who has stolen a key that was revoked uses up no number of its owner\'s', async () => {
  await rotation.layIn(DE)
  await take({ do: 'part', house: FR })
  await submitted()
  const next = await rotation.sign({ revoked: [[DE, 'sign']] })
  rotation.take(next, FR)
  await take({ do: 'join', house: FR }, { do: 'pass', seconds: 1 })
  const parked = world.log.filter(line => line.includes('was parked')).map(line => (JSON.parse(line.slice(line.indexOf('{'))) as { why: string }).why)
  expect(parked).toEqual(['LETTER_KEY'])
  rotation.take(next, DE, 'hub')
  await demandDelivered()
})

describe.each<[string, (snapshot: DirectorySnapshot, at: string) => void]>([
  ['is not listed at that moment', snapshot => { snapshot.authorities = snapshot.authorities.filter(({ id }) => id !== FR) }],
  ['has no key left to seal for', (snapshot, at) => { for (const key of snapshot.authorities.find(({ id }) => id === FR)?.keys ?? []) if (key.use === 'encrypt') key.revokedAt = at }],
])('a letter whose addressee %s', (_, without) => {
  const unlisted = async (): Promise<void> => {
    rotation.take(await rotation.sign({}, snapshot => without(snapshot, world.time.now().toISOString())), ...PLACES)
    await submitted()
    await take({ do: 'pass', seconds: 60 })
    expect([await statusOf(DE), await statusOf(FR)]).toEqual(['SUBMITTED', undefined])
  }

  test('waits, and comes once it is listed again', async () => {
    await unlisted()
    expect((await verified({ own: DE, store: world.storeOf(DE), hub: null, directory: rotation.at(DE) })).fault).toBeNull()
    rotation.take(await rotation.sign(), ...PLACES)
    await demandDelivered()
  })

  test('waits though its house begins anew meanwhile, and those behind it come in their order', async () => {
    await unlisted()
    await world.act(DE, 'WITHDRAW', REFERENCE)
    await take(settle, { do: 'kill', place: DE }, { do: 'pass', seconds: 60 })
    rotation.take(await rotation.sign(), ...PLACES)
    expect(sealedAnew(await world.heal())).toEqual([])
    expect([await statusOf(DE), await statusOf(FR)]).toEqual(['WITHDRAWN', 'WITHDRAWN'])
  })
})

describe('`comity verify`, where a receipt was signed anew because the key of the first was revoked, and the second key was revoked since', () => {
  const DAY: Step = { do: 'pass', seconds: 86_400 }
  const faults = async (directory: Directory): Promise<unknown[]> => Promise.all([DE, FR].map(async own => (await verified({ own, store: world.storeOf(own), hub: null, directory })).fault))

  beforeEach(async () => {
    await take({ do: 'network', house: FR, posts: Array.from({ length: 40 }, () => 'lost' as const), lines: [] })
    await submitted()
    await world.until(() => statusOf(FR), status => status === 'DELIVERED')
    await take(DAY)
    await rotation.layIn(FR)
    rotation.take(await rotation.sign({ revoked: [[FR, 'sign']] }), ...PLACES)
    await demandDelivered()
    await take(DAY)
    await rotation.layIn(FR)
  })

  test('bears both sides out', async () => {
    expect(await faults(await rotation.sign({ revoked: [[FR, 'sign', 2]] }))).toEqual([null, null])
  })

  test('names a receipt whose key was revoked before there was anything to receipt', async () => {
    const isNamed = expect.objectContaining({ what: expect.stringContaining('the receipt') as string }) as unknown
    expect(await faults(await rotation.sign({ revoked: [[FR, 'sign', 2]], at: later(-3_600) }))).toEqual([isNamed, isNamed])
  })
})
