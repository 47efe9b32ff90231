// What a MongoDB address may not ask for: anything that makes an acknowledged write, or what a read shows, less than final.
// Opens no connection. Refusals name key, value and fix, never the address: it may hold a password.
import { Refusal } from '../refusal'

interface Rule { readonly allowed: readonly string[]; readonly why: string }

const ACKNOWLEDGED: Rule = { allowed: ['majority'], why: 'a write counts only once a majority of the members holds it' }
const JOURNALED: Rule = { allowed: ['true'], why: 'a write counts only once it is in the journal' }
const SETTLED: Rule = { allowed: ['majority', 'linearizable'], why: 'what is read must not be rolled back later' }

/** Option names in lower case, as the driver compares them. */
const RULES: ReadonlyMap<string, Rule> = new Map([
  ['w', ACKNOWLEDGED], ['j', JOURNALED], ['journal', JOURNALED], ['readconcernlevel', SETTLED],
  ['readpreference', { allowed: ['primary'], why: 'the other members may be behind' }],
])

const ADDRESS = /^mongodb(?:\+srv)?:\/\/[^/?\s]+(?:\/[^?\s]*)?(?:\?(?<options>\S*))?$/

/** Refuses an address that is none, or that weakens what the store promises. */
export function checkMongoUri(uri: string): void {
  const parts = ADDRESS.exec(uri)
  if (!parts) throw refused('The MongoDB address is not one.', 'Write it as mongodb://host:27017/ or mongodb+srv://host/.', {})
  for (const [key, value] of new URLSearchParams(parts.groups?.options ?? '')) {
    const rule = RULES.get(key.toLowerCase())
    if (rule && !rule.allowed.includes(value)) throw weakened(key, value, rule)
  }
}

const weakened = (key: string, value: string, { allowed, why }: Rule): Refusal =>
  refused(`The MongoDB address sets ${key}=${value}, but ${why}.`, `Remove ${key} from the address, or set ${key}=${allowed[0]}.`, { key, value })

const refused = (message: string, hint: string, facts: Record<string, string>): Refusal =>
  new Refusal('BAD_USER_INPUT', message, { path: 'mongodb', hint, ...facts })
