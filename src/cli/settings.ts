// Options and environment → checked settings. A bad one names the key, the value and the fix; nothing is started.
import { closest, distance } from 'fastest-levenshtein'
import { isIP } from 'node:net'
import { Refusal } from '../refusal'
import { checkMongoUri } from '../store/mongo-uri'
import { SEED_COUNTRIES } from './seeds'

/** A wrong setting: exit 2. */
export class BadSetting extends Error {
  override readonly name = 'BadSetting'
  /** `value`: null where it may be a secret. */
  constructor(readonly key: string, value: string | null, what: string, fix: string) { super(`${key}:${value === null ? '' : ` ${JSON.stringify(value)}`} ${what}. ${fix}`) }
}

/** A place that is taken or cannot be reached: exit 1. */
export class Unavailable extends Error { override readonly name = 'Unavailable' }

/** No option or setting is wrong, but what lies in the folder: exit 1. */
export const broken = (thrown: unknown, where = ''): unknown => thrown instanceof Refusal ? new Unavailable(`${where}${thrown.message} ${thrown.facts.hint ?? ''}`) : thrown

export interface Settings {
  /** Null: not said; then the directory's, or the default for a new one. */
  port: number | null
  host: string
  authorities: string[]
  data: string
  mongodb: string | null
  /** Socket of the process that holds the signing keys; null: they lie in the data folder. */
  signer: string | null
  demo: boolean
  profile: 'trial' | 'production'
  /** Houses talk over plain HTTP although the profile is production. */
  insecureHouses: boolean
  hosts: string[]
  origins: string[]
  /** How old a sign-in may be for what sends or decides; null: any that is good. */
  freshSignInMs: number | null
  log: LogLevel
}

/** Most severe first. */
export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface RawSettings { port?: string; host?: string; authorities?: string; data?: string; mongodb?: string; signer?: string; demo?: boolean; insecureHouses?: boolean }

export const DEFAULT_PORT = 4000
export const HIGHEST_PORT = 65_535
export const DEFAULT_AUTHORITIES = 'DE,FR,BR,JP'

/** Each that some command reads. */
const VARIABLES = [
  'COMITY_PORT', 'COMITY_HOST', 'COMITY_AUTHORITIES', 'COMITY_DATA', 'COMITY_MONGODB', 'COMITY_SIGNER', 'COMITY_PROFILE', 'COMITY_HOSTS', 'COMITY_ORIGINS', 'COMITY_FRESH_SIGN_IN', 'COMITY_LOG',
  'COMITY_TOKEN', 'COMITY_CRASH_AT',
]
/** Two letters in each other's place are two changes. */
const SLIP_AT_MOST = 2

/** `COMITY_PORFILE=production` must not start a trial in silence. What is further from ours may be somebody else's. */
function demandNoSlip(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(env)) {
    if (!name.startsWith('COMITY_') || VARIABLES.includes(name)) continue
    const meant = closest(name, VARIABLES)
    if (distance(name, meant) <= SLIP_AT_MOST) throw new BadSetting(name, null, 'no command reads this variable', `Did you mean ${meant}? Rename it, or remove it.`)
  }
}

export function settings(raw: RawSettings, env: NodeJS.ProcessEnv): Settings {
  demandNoSlip(env)
  const port = said('--port', raw.port, 'COMITY_PORT', env)
  const mongodb = said('--mongodb', raw.mongodb, 'COMITY_MONGODB', env)
  const authorities = said('--authorities', raw.authorities, 'COMITY_AUTHORITIES', env)
  const host = said('--host', raw.host, 'COMITY_HOST', env)
  return {
    port: port && portOf(port.key, port.value),
    host: host ? hostOf(host.key, host.value) : '127.0.0.1',
    authorities: authoritiesOf(authorities?.key ?? '--authorities', authorities?.value ?? DEFAULT_AUTHORITIES),
    data: said('--data', raw.data, 'COMITY_DATA', env)?.value ?? '.comity',
    mongodb: mongodb ? mongoOf(mongodb.key, mongodb.value) : null,
    signer: said('--signer', raw.signer, 'COMITY_SIGNER', env)?.value ?? null,
    demo: raw.demo !== false,
    profile: profileOf(env), insecureHouses: raw.insecureHouses === true,
    hosts: listOf(env['COMITY_HOSTS']).map(hostHeaderOf), origins: listOf(env['COMITY_ORIGINS']).map(originOf), log: logOf(env), freshSignInMs: env['COMITY_FRESH_SIGN_IN'] ? ttlOf('COMITY_FRESH_SIGN_IN', env['COMITY_FRESH_SIGN_IN']) * 1_000 : null,
  }
}

interface Said { key: string; value: string }

/** An option wins over the environment. */
function said(option: string, value: string | undefined, variable: string, env: NodeJS.ProcessEnv): Said | null {
  if (value !== undefined) return { key: option, value }
  const found = env[variable]
  return found === undefined || found === '' ? null : { key: variable, value: found }
}

function portOf(key: string, value: string): number {
  const port = Number(value)
  if (/^\d{1,5}$/.test(value) && port >= 1 && port <= HIGHEST_PORT) return port
  throw new BadSetting(key, value, 'is no port', 'Give a whole number from 1 to 65535, for instance 4000.')
}

function hostOf(key: string, value: string): string {
  if (isIP(value) !== 0 || /^[a-z0-9.-]+$/i.test(value)) return value
  throw new BadSetting(key, value, 'is no host', 'Give an address or a host name, for instance 127.0.0.1.')
}

export function countryOf(key: string, value: string): string {
  const country = value.trim().toUpperCase()
  if (SEED_COUNTRIES.includes(country)) return country
  throw new BadSetting(key, value, 'is no state of the seed data', `Choose among ${SEED_COUNTRIES.join(', ')}.`)
}

function authoritiesOf(key: string, value: string): string[] {
  const countries = value.split(',').map(country => countryOf(key, country))
  if (new Set(countries).size === countries.length) return countries
  throw new BadSetting(key, value, 'names a state twice', 'Name each state once, with commas: DE,FR,BR,JP.')
}

function mongoOf(key: string, value: string): string {
  try {
    checkMongoUri(value)
    return value
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    throw new BadSetting(key, withoutSecrets(value), `is refused. ${thrown.message.replace(/\.$/, '')}`, thrown.facts.hint ?? '')
  }
}

/** Neither who comes in nor the options: either may hold a password. */
export const withoutSecrets = (uri: string): string => uri.replace(/\/\/.*@/, '//…@').replace(/\?.*/, '?…')

export function urlOf(key: string, value: string): string {
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value
  throw new BadSetting(key, value, 'is no address of a house', 'Give one like http://127.0.0.1:4000.')
}

function profileOf(env: NodeJS.ProcessEnv): Settings['profile'] {
  const value = env['COMITY_PROFILE'] ?? 'trial'
  if (value === 'trial' || value === 'production') return value
  throw new BadSetting('COMITY_PROFILE', value, 'is no profile', 'Use trial or production.')
}

function logOf(env: NodeJS.ProcessEnv): LogLevel {
  const value = env['COMITY_LOG'] || 'info'
  return LOG_LEVELS.find(level => level === value) ?? refused('COMITY_LOG', value, 'is no level', `Use one of ${LOG_LEVELS.join(', ')}.`)
}

/** As callers name it, so without a scheme. */
const hostHeaderOf = (value: string): string =>
  /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d{1,5})?$/i.test(value) ? value : refused('COMITY_HOSTS', value, 'is no host as callers name it', 'Give host and port without a scheme, with commas: hub.example:4000.')

const originOf = (value: string): string =>
  URL.canParse(value) && new URL(value).origin === value ? value : refused('COMITY_ORIGINS', value, 'is no origin as browsers name it', 'Give scheme, host and port without a path, with commas: https://desk.example.')

function refused(...said: ConstructorParameters<typeof BadSetting>): never { throw new BadSetting(...said) }

const listOf = (value: string | undefined): string[] => (value ?? '').split(',').map(each => each.trim()).filter(each => each !== '')

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 }

/** `8h` → seconds. */
export function ttlOf(key: string, value: string): number {
  const [, amount = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(value) ?? []
  const seconds = Number(amount) * (UNITS[unit] ?? 0)
  if (seconds > 0 && seconds <= 366 * 86_400) return seconds
  throw new BadSetting(key, value, 'is no duration', 'Give a number with s, m, h or d, for instance 8h.')
}
