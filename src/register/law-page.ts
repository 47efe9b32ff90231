// docs/law.md: the register as a page to read and check, with what is verified and what is not. Generated, so that it cannot say other than the rows.
import type { AbsentRow, AskedLimitRow, CodeRow, DualCriminalityRow, InstrumentRow, JurisdictionRow, PartyRow, Register, TimeLimitRow } from '../domain/law/register'
import { CODE_LISTS } from '../domain/vocabulary'

const mark = (verified: boolean): string => (verified ? '✓' : 'no')
const cell = (value: string | undefined): string => (value ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ')
const table = (heads: readonly string[], rows: readonly (readonly (string | undefined)[])[]): string =>
  [`| ${heads.join(' | ')} |`, `|${heads.map(() => '---').join('|')}|`, ...rows.map(row => `| ${row.map(cell).join(' | ')} |`)].join('\n')

export function renderLawPage(register: Register): string {
  const { instruments, jurisdictions } = register
  return [
    '# The law as data',
    `Register version ${register.version}, as of ${register.asOf}. Generated from \`seeds/register\`; do not edit. Code knows kinds of rule, these rows are the rules.`,
    '**Verified** (✓) means: this very fact was seen in the source named. Everything else is carried from the named instrument without having been read again, and is to be checked by a lawyer before it is relied on. '
      + '"Domain brief" is the research brief of the project; the names in brackets are the pages it cites. A day known only by its year is that year\'s last day.',
    '## Instruments', instrumentTable(instruments),
    '## Parties', 'Day in force for the state; ✓ verified; "until" is the last day that counts; "?" party, day not known. Only states that the sources name are listed.', partyTable(instruments),
    '### Statements, and days with a note', notesTable(instruments),
    '### Not bound', absentTable(instruments),
    '## Time limits', limitTable(register),
    '## Double criminality', 'An instrument\'s row goes before the state\'s; a row on a narrower class of measures before one on a wider.', dualTable(register),
    '## Consultation before a refusal', 'Where such a row stands and the record shows none, a refused request carries the warning CONSULTATION_NOT_LOGGED.', consultationTable(instruments),
    '## Jurisdictions and central authorities', jurisdictionTable(register, jurisdictions),
    '### Institutions, criminal and civil', institutionTable(jurisdictions),
    '## Lists of codes', ...CODE_LISTS.map(list => codeSection(list, register.codes.filter(row => row.list === list))),
    '## What is verified', summary(register),
  ].join('\n\n') + '\n'
}

const instrumentTable = (rows: readonly InstrumentRow[]): string =>
  table(['Code', 'Title', 'No.', 'Signed', 'In force', 'Level', 'Kinds', 'Channel', 'Urgent', 'Displaces', 'Verified', 'Note', 'Source'], rows.map(row => [
    row.code, row.title, row.number, [row.signedIn, row.signedOn].filter(Boolean).join(' '), row.inForceOn ?? (row.knownInForceOn ? `by ${row.knownInForceOn}` : 'not known'), row.level, kindsOf(row), row.channel, row.urgentChannel, row.displaces?.join(', '),
    row.unverified ? `${mark(row.verified)} (not: ${row.unverified.join(', ')})` : mark(row.verified), row.note, `${row.source}, as of ${row.asOf}`,
  ]))

const kindsOf = ({ kinds, kindLimits = [] }: InstrumentRow): string =>
  kinds.map(kind => [kind, ...kindLimits.filter(row => row.kind === kind).map(row => `(${row.through ? `through ${row.through}` : `from ${row.from ?? '?'}`})`)].join(' ')).join(', ') || 'none named'

const partyWords = ({ state, inForceOn, endsOn, verified }: PartyRow): string => `${state} ${inForceOn ?? '?'}${endsOn ? ` until ${endsOn}` : ''}${verified ? ' ✓' : ''}`

const partyTable = (rows: readonly InstrumentRow[]): string => table(['Code', 'Parties', 'Source'], rows.filter(row => row.parties.length > 0).map(row => [
  row.code, row.parties.map(partyWords).join(' · '), [...new Set(row.parties.map(party => party.source))].join('; '),
]))

const notesTable = (rows: readonly InstrumentRow[]): string => table(['Code', 'State', 'What', 'Verified', 'Source'], rows.flatMap(({ code, parties }) => parties.flatMap(party => [
  ...(party.note ? [[code, party.state, party.note, mark(party.verified), party.source]] : []),
  ...(party.statements ?? []).map(row => [code, party.state, `${row.kind}${row.article ? ` on art. ${row.article}` : ''}: ${row.text}`, mark(row.verified), row.source]),
])))

const ABSENCE: Readonly<Record<AbsentRow['status'], string>> = { NOT_SIGNED: 'has not signed', SIGNED: 'signed, not ratified', NOT_PARTY: 'not a party', OPEN: 'not settled' }

const absentTable = (rows: readonly InstrumentRow[]): string => table(['Code', 'State', 'Status', 'Verified', 'Source'], rows.flatMap(({ code, absent = [] }) =>
  absent.map(row => [code, row.state, [ABSENCE[row.status], row.signedOn, row.note].filter(Boolean).join('; '), mark(row.verified), row.source])))

function limitTable({ instruments, urgencyLimits }: Register): string {
  const words = (of: string, row: TimeLimitRow): (string | undefined)[] => [
    of, row.obligation, [row.limit, row.extension && `+${row.extension}`, row.counted].filter(Boolean).join(', '), row.runsFrom, [row.kinds, row.measures, row.urgencies].flatMap(each => (each ? [each.join(', ')] : [])).join('; ') || 'all', row.note, row.source, mark(row.verified),
  ]
  const asked = (of: string, row: AskedLimitRow): (string | undefined)[] => [
    of, row.obligation, row.withReasons ? 'as asked, with reasons' : 'as asked', 'RECEIPT', row.kinds?.join(', ') ?? 'all', row.note, row.source, mark(row.verified),
  ]
  const rows = [...instruments.flatMap(({ code, timeLimits, askedLimits = [] }) => [...timeLimits.map(row => words(code, row)), ...askedLimits.map(row => asked(code, row))]), ...urgencyLimits.map(row => words('urgency level', row))]
  return table(['Of', 'Obligation', 'Limit', 'Runs from', 'For', 'Note', 'Source', 'Verified'], rows)
}

function dualTable({ instruments, jurisdictions }: Register): string {
  const words = (of: string, row: DualCriminalityRow): (string | undefined)[] => [
    of, row.measureClass, row.rule, [row.kinds?.join(', '), row.requested && `requested: ${row.requested.join(', ')}`, row.offenceCategoryExempt && `listed categories from ${row.exemptFromYears} years exempt`].filter(Boolean).join('; '), row.note, row.source, mark(row.verified),
  ]
  const rows = [...jurisdictions.flatMap(({ code, dualCriminality }) => dualCriminality.map(row => words(code, row))), ...instruments.flatMap(({ code, dualCriminality = [] }) => dualCriminality.map(row => words(code, row)))]
  return table(['State or instrument', 'Measures', 'Rule', 'Narrowed to', 'Note', 'Source', 'Verified'], rows)
}

const consultationTable = (rows: readonly InstrumentRow[]): string => table(['Instrument', 'Rule', 'Kinds', 'Source', 'Verified'], rows.flatMap(({ code, consultBeforeRefusal = [] }) =>
  consultBeforeRefusal.map(row => [code, row.because, row.kinds?.join(', ') ?? 'all', row.source, mark(row.verified)])))

const jurisdictionTable = ({ authorities }: Register, rows: readonly JurisdictionRow[]): string =>
  table(['State', 'Name', 'Tradition', 'Languages', 'Capital time', 'Central authority', 'Note', 'Verified'], rows.map(row => {
    const own = authorities.filter(authority => authority.country === row.code)
    return [row.code, row.name, row.legalTradition, row.acceptedLanguages.join(', '), row.capitalTimeZone, own.map(each => each.name).join('; '), [row.note, ...own.map(each => each.note)].filter(Boolean).join(' '), mark(row.verified)]
  }))

const institutionTable = (rows: readonly JurisdictionRow[]): string => table(['State', 'Matter', 'Institution', 'When', 'Kinds', 'Verified', 'Source'], rows.flatMap(({ code, institutions }) =>
  institutions.map(row => [code, row.matter, row.name, row.role, row.kinds?.join(', ') ?? 'all', mark(row.verified), row.source])))

/** The languages are ISO's and need no table of ours. */
function codeSection(list: string, rows: readonly CodeRow[]): string {
  if (list === 'LANGUAGE') return `### ${list}\n\n${rows.length} codes of ISO 639-1.`
  const words = (row: CodeRow): (string | undefined)[] => [row.code, [row.text, row.explanation, row.until && `until ${row.until}`, row.replacedBy && `now ${row.replacedBy}`].filter(Boolean).join('. '), row.source, mark(row.verified)]
  return `### ${list}\n\n${table(['Code', 'Text', 'Source', 'Verified'], rows.map(words))}`
}

function summary({ instruments, jurisdictions, codes }: Register): string {
  const parties = instruments.flatMap(row => row.parties)
  const count = (name: string, rows: readonly { verified: boolean }[]): string[] => [name, String(rows.filter(row => row.verified).length), String(rows.length)]
  return table(['Rows', 'Verified', 'Of'], [
    count('Instruments', instruments), count('Parties', parties), count('Statements', parties.flatMap(row => row.statements ?? [])), count('Time limits', instruments.flatMap(row => [...row.timeLimits, ...(row.askedLimits ?? [])])),
    count('Double criminality', [...jurisdictions, ...instruments].flatMap(row => row.dualCriminality ?? [])), count('Consultation before a refusal', instruments.flatMap(row => row.consultBeforeRefusal ?? [])), count('Institutions', jurisdictions.flatMap(row => row.institutions)), count('Codes', codes),
  ])
}
