// The secretariat's part at the hub: a new edition of the register is checked whole before it is signed, kept, and offered to the nodes.
import type { RegisterChange } from '../../resolvers/context'
import { dayOf } from '../domain/calendar-days'
import { registerOf } from '../register/load'
import type { Editions } from '../register/editions'
import { Refusal } from '../refusal'
import type { Signer } from '../wire/jws'
import { EDITION_AT_MOST, signEdition } from '../wire/register-edition'

export interface PublishedEdition { version: number; asOf: string; appliesFrom: string }

const NAME = /^((instruments|codes)\/)?\w[\w-]*\.json$/

export class RegisterPublication {
  constructor(private readonly parts: { editions: Editions; signer: Signer; now: () => Date }) {}

  /** Changed files over the newest edition. Nothing is kept unless the whole set is sound. */
  async publish({ expectedVersion, appliesFrom, files: changed }: RegisterChange): Promise<PublishedEdition> {
    const { editions, signer, now } = this.parts
    await editions.refresh()
    const newest = editions.newest
    if (newest.version !== expectedVersion) throw conflict(newest.version)
    changed.forEach(({ name }, i) => { if (!NAME.test(name)) throw new Refusal('BAD_USER_INPUT', `The register has no file ${name}.`, { path: `input.files[${i}].name`, hint: 'Name it as under seeds/register: instruments/EIO.json.' }) })
    const today = dayOf(now())
    if (appliesFrom < today) throw new Refusal('BAD_USER_INPUT', `An edition applies from today, ${today}, or later.`, { path: 'input.appliesFrom', hint: 'Give a later day.' })
    if (appliesFrom < newest.appliesFrom) throw new Refusal('BAD_USER_INPUT', `Version ${newest.version} applies from ${newest.appliesFrom} only.`, { path: 'input.appliesFrom', hint: 'Give that day or a later one.' })
    const files = { ...newest.files, ...Object.fromEntries(changed.map(({ name, text }) => [name, text])) }
    const { version, asOf } = registerOf(files, 'Correct the files and publish again.')
    if (version !== newest.version + 1) throw new Refusal('BAD_USER_INPUT', `register.json says version ${version}; the next one is ${newest.version + 1}.`, { path: 'input.files', hint: 'Raise version and asOf in register.json.' })
    const edition = await signEdition(signer, { version, appliesFrom, publishedAt: now().toISOString(), files })
    if (edition.length > EDITION_AT_MOST) throw new Refusal('PAYLOAD_TOO_LARGE', `This edition has ${edition.length} bytes as signed; nodes take at most ${EDITION_AT_MOST}.`, { path: 'input.files', hint: 'Shorten notes and texts.' })
    if (!(await editions.take(edition))) throw conflict(version)
    return { version, asOf, appliesFrom }
  }
}

const conflict = (newest: number): Refusal => new Refusal('VERSION_CONFLICT', `The newest edition is version ${newest}.`, { path: 'input.expectedVersion', hint: 'Read it, and make the change over that one.' })
