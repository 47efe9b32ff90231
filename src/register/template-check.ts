// What the rows of the forms say of one another and of the codes: each kind once for each field, conditions with what they hang on.
import type { MeasureClassRow, Register, TemplateRow } from '../domain/law/register'
import { REQUEST_KINDS } from '../domain/vocabulary'
import { twice, unknownIn, when, type Fault } from './faults'
import type { RowFault } from './load'

export function templateFaults({ templates, codes }: Register): RowFault[] {
  const known = new Set(codes.map(row => `${row.list} ${row.code}`)), classes = new Set(templates.measureClasses.map(row => row.name))
  return [
    ...templates.fields.flatMap((row, i) => fieldFaults(row, `/fields/${i}`, classes)), ...presenceFaults(templates.fields),
    ...templates.kinds.flatMap(({ persons }, i) => unknownIn(`/kinds/${i}/persons`, persons, role => known.has(`PERSON_ROLE ${role}`), 'code of the list PERSON_ROLE')),
    ...twice(templates.kinds.map(row => row.kind)).map(({ i, value }) => ({ path: `/kinds/${i}/kind`, fault: `${value} is there twice` })),
    ...REQUEST_KINDS.flatMap(kind => when(!templates.kinds.some(row => row.kind === kind), '/kinds', `${kind} is missing`)),
    ...classFaults(templates.measureClasses, known),
    ...templates.noCodes.flatMap(({ list, code }, i) => when(known.has(`${list} ${code}`), `/noCodes/${i}/code`, `${code} is a code of the list ${list}`)),
  ].map(fault => ({ file: 'templates.json', ...fault }))
}

function fieldFaults({ presence, condition, measureClasses, said, because }: TemplateRow, path: string, classes: ReadonlySet<string>): Fault[] {
  const isConditional = Object.values(presence).includes('CONDITIONAL')
  return [
    ...when(isConditional && (condition === undefined || because === undefined), path, 'a conditional field needs a condition, and because in words'),
    ...when(condition === 'MEASURE' && !measureClasses, path, 'the condition MEASURE needs measureClasses'), ...when(condition === 'SAID' && !said, path, 'the condition SAID needs said'),
    ...unknownIn(`${path}/measureClasses`, measureClasses, name => classes.has(name), 'class of measures'),
  ]
}

/** A field has one row for each kind. */
function presenceFaults(fields: readonly TemplateRow[]): Fault[] {
  return fields.flatMap(({ path, presence }, i) => {
    const same = fields.map((row, at) => ({ row, at })).filter(({ row }) => row.path === path)
    const again = Object.keys(presence).flatMap(kind => when(same.some(({ row, at }) => at < i && kind in row.presence), `/fields/${i}/presence/${kind}`, `${path} has a row for this kind already`))
    const missing = same[0]?.at === i ? REQUEST_KINDS.filter(kind => !same.some(({ row }) => kind in row.presence)) : []
    return [...again, ...when(missing.length > 0, `/fields/${i}/presence`, `no row of ${path} is for ${missing.join(', ')}`)]
  })
}

/** Rules on double criminality rest on the class COERCIVE. */
const classFaults = (rows: readonly MeasureClassRow[], known: ReadonlySet<string>): Fault[] => [
  ...when(!rows.some(row => row.name === 'COERCIVE'), '/measureClasses', 'COERCIVE is missing'),
  ...twice(rows.map(row => row.name)).map(({ i, value }) => ({ path: `/measureClasses/${i}/name`, fault: `${value} is there twice` })),
  ...rows.flatMap(({ withIdentifier = [] }, i) => withIdentifier.flatMap(({ identifier }, at) =>
    when(!known.has(`IDENTIFIER_KIND ${identifier}`), `/measureClasses/${i}/withIdentifier/${at}/identifier`, `${identifier} is no code of the list IDENTIFIER_KIND`))),
]
