// What no schema can say about the register: codes, states and instruments that rows name exist, days are in order, nothing is there twice.
import type { AbsentRow, CodeRow, InstrumentRow, JurisdictionRow, PartyRow, Register, StatementRow } from '../domain/law/register'
import type { CodeList, RequestKind } from '../domain/vocabulary'
import { MEASURE_CODES } from '../domain/vocabulary'
import { twice, unknownIn, when, type Fault } from './faults'
import { isState, isTimeZone } from './known'
import type { RowFault } from './load'

interface Known { instruments: ReadonlySet<string>; states: ReadonlySet<string>; codes: ReadonlySet<string> }

export function registerFaults(register: Register): RowFault[] {
  const known: Known = {
    instruments: new Set(register.instruments.map(row => row.code)), states: new Set(register.jurisdictions.map(row => row.code)),
    codes: new Set(register.codes.map(row => `${row.list} ${row.code}`)),
  }
  return [
    ...register.instruments.flatMap(row => instrumentFaults(row, known).map(fault => ({ file: `instruments/${row.code}.json`, ...fault }))),
    ...register.jurisdictions.flatMap((row, i) => jurisdictionFaults(row, known).map(({ path, fault }) => ({ file: 'jurisdictions.json', path: `/${i}${path}`, fault }))),
    ...twice(register.jurisdictions.map(row => row.code)).map(({ i, value }) => ({ file: 'jurisdictions.json', path: `/${i}/code`, fault: `${value} is there twice` })),
    ...authorityFaults(register, known),
    ...codeFaults(register.codes, known),
  ]
}

const inOrder = (path: string, days: Record<string, string | undefined>): Fault[] => {
  const given = Object.entries(days).flatMap(([name, day]) => (day === undefined ? [] : [{ name, day }]))
  return given.slice(1).flatMap(({ name, day }, i) => {
    const before = given[i] ?? { name, day }
    return when(day < before.day, `${path}/${name}`, `${day} is before ${before.name} ${before.day}`)
  })
}

const isLanguage = ({ codes }: Known) => (code: string): boolean => codes.has(`LANGUAGE ${code}`)

/** Parts of an instrument whose rows may be narrowed to kinds. */
const NARROWED = ['timeLimits', 'askedLimits', 'offence', 'languages', 'dualCriminality', 'consultBeforeRefusal', 'measuresExcluded'] as const

function instrumentFaults(row: InstrumentRow, known: Known): Fault[] {
  const { signedOn, inForceOn, endsOn, knownInForceOn, absent = [] } = row
  const isKind = (kind: string): boolean => (row.kinds as string[]).includes(kind)
  return [
    ...inOrder('', { signedOn, inForceOn, endsOn }), ...inOrder('', { signedOn, knownInForceOn, endsOn }),
    ...when(row.verified && (row.unverified ?? []).some(field => field.endsWith('On')), '/verified', 'a row with an unverified day is not verified'),
    ...row.parties.flatMap((party, i) => partyFaults(row, party, `/parties/${i}`)),
    ...absent.flatMap((each, i) => absentFaults(row, each, `/absent/${i}`)),
    ...unknownIn('/displaces', row.displaces, code => known.instruments.has(code) && code !== row.code, 'other instrument of the register'),
    ...(row.kindLimits ?? []).flatMap(({ kind, from, until, through }, i) => [
      ...when(!isKind(kind), `/kindLimits/${i}/kind`, `${kind} is no kind of this instrument`), ...inOrder(`/kindLimits/${i}`, { from, until }),
      ...when(through !== undefined && !known.instruments.has(through), `/kindLimits/${i}/through`, `${through} is no instrument of the register`),
    ]),
    ...Object.keys(row.articles).flatMap(kind => when(kind !== '*' && !isKind(kind), `/articles/${kind}`, 'not a kind of this instrument')),
    ...unknownIn('/specificTo/kinds', row.specificTo?.kinds, isKind, 'kind of this instrument'),
    ...NARROWED.flatMap(part => ((row[part] ?? []) as readonly { kinds?: RequestKind[] }[]).flatMap((each, i) => unknownIn(`/${part}/${i}/kinds`, each.kinds, isKind, 'kind of this instrument'))),
    ...(row.languages ?? []).flatMap((each, i) => unknownIn(`/languages/${i}/add`, each.add, isLanguage(known), 'code of the list LANGUAGE')),
    ...(row.offence ?? []).flatMap((each, i) => unknownIn(`/offence/${i}/categories`, each.categories, code => known.codes.has(`OFFENCE_CATEGORY ${code}`), 'code of the list OFFENCE_CATEGORY')),
    ...(row.dualCriminality ?? []).flatMap((each, i) => unknownIn(`/dualCriminality/${i}/requested`, each.requested, isState, 'state of ISO 3166-1')),
    ...sideFaults(row),
  ]
}

function sideFaults({ sides, parties }: InstrumentRow): Fault[] {
  const isParty = (state: string): boolean => parties.some(party => party.state === state)
  return [
    ...unknownIn('/sides/one', sides?.one, isParty, 'party of this instrument'), ...unknownIn('/sides/other', sides?.other, isParty, 'party of this instrument'),
    ...unknownIn('/sides/other', sides?.other, state => !sides?.one.includes(state), 'state of the other side alone'),
  ]
}

function partyFaults(row: InstrumentRow, party: PartyRow, path: string): Fault[] {
  const { state, inForceOn, endsOn, statements = [] } = party
  const again = row.parties.find(other => other !== party && other.state === state && row.parties.indexOf(other) < row.parties.indexOf(party))
  return [
    ...when(!isState(state), `${path}/state`, `${state} is no state of ISO 3166-1`), ...inOrder(path, { inForceOn, endsOn }),
    ...when(inForceOn !== undefined && row.inForceOn === undefined && row.knownInForceOn === undefined, `${path}/inForceOn`, 'the instrument itself has no day of entry into force'),
    ...when(inForceOn !== undefined && row.inForceOn !== undefined && inForceOn < row.inForceOn, `${path}/inForceOn`, `${inForceOn} is before the instrument came into force on ${row.inForceOn}`),
    ...when(again !== undefined && !(again.endsOn !== undefined && inForceOn !== undefined && again.endsOn < inForceOn), `${path}/state`, `${state} is party already by an earlier row that has not ended before`),
    ...statements.flatMap((statement, i) => statementFaults(row, statement, `${path}/statements/${i}`)),
  ]
}

const statementFaults = (row: InstrumentRow, { from, until, excludes }: StatementRow, path: string): Fault[] =>
  [...inOrder(path, { from, until }), ...unknownIn(`${path}/excludes/kinds`, excludes?.kinds, kind => (row.kinds as string[]).includes(kind), 'kind of this instrument')]

const absentFaults = (row: InstrumentRow, { state, signedOn }: AbsentRow, path: string): Fault[] => [
  ...when(!isState(state), `${path}/state`, `${state} is no state of ISO 3166-1`), ...inOrder(path, { signedOn }),
  ...when(row.parties.some(party => party.state === state && party.endsOn === undefined), `${path}/state`, `${state} is party and absent at once`),
]

const jurisdictionFaults = (row: JurisdictionRow, known: Known): Fault[] => [
  ...when(!isState(row.code), '/code', `${row.code} is no state of ISO 3166-1`), ...when(!isTimeZone(row.capitalTimeZone), '/capitalTimeZone', `${row.capitalTimeZone} is no time zone`),
  ...unknownIn('/acceptedLanguages', row.acceptedLanguages, isLanguage(known), 'code of the list LANGUAGE'),
]

function authorityFaults({ authorities }: Register, known: Known): RowFault[] {
  const faults = authorities.flatMap((row, i) => [
    ...when(!known.states.has(row.country), `/${i}/country`, `${row.country} is no jurisdiction of the register`),
    ...when(row.id !== `authority:${row.country}`, `/${i}/id`, `must be authority:${row.country}`),
    ...unknownIn(`/${i}/languages`, row.languages, isLanguage(known), 'code of the list LANGUAGE'),
  ])
  const again = twice(authorities.map(row => row.id)).map(({ i, value }) => ({ path: `/${i}/id`, fault: `${value} is there twice` }))
  return [...faults, ...again].map(fault => ({ file: 'authorities.json', ...fault }))
}

function codeFaults(rows: readonly CodeRow[], known: Known): RowFault[] {
  const lists = new Map<CodeList, CodeRow[]>()
  for (const row of rows) lists.set(row.list, [...(lists.get(row.list) ?? []), row])
  return [...lists].flatMap(([list, codes]) => {
    const measures: readonly string[] = MEASURE_CODES
    const faults = codes.flatMap(({ code, from, until, replacedBy }, i) => [
      ...inOrder(`/${i}`, { from, until }),
      ...when(replacedBy !== undefined && !known.codes.has(`${list} ${replacedBy}`), `/${i}/replacedBy`, `${replacedBy} is no code of this list`),
      ...when(list === 'MEASURE' && !measures.includes(code), `/${i}/code`, `${code} is no measure of the contract`),
    ])
    const again = twice(codes.map(row => row.code)).map(({ i, value }) => ({ path: `/${i}/code`, fault: `${value} is there twice` }))
    return [...faults, ...again].map(fault => ({ file: `codes/${list}.json`, ...fault }))
  })
}
