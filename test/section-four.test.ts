// The list of reliability-security.md §4 (support/section-four.ts) and the tests say the same: no row is left out, none is said to be shown where it is
// not, and no test names a row that there is not or that the list does not know it to show.
import { SECTION_FOUR, type Row } from './support/section-four'
import { isThere, partsOf, textOf } from './support/test-files'

/** Last row of each part of the section. */
const PARTS = { A: 22, B: 40, C: 58, D: 74, E: 88, F: 100, G: 111, H: 130, I: 140 }
const ALL = Object.entries(PARTS).flatMap(([part, last], i) => {
  const first = (Object.values(PARTS)[i - 1] ?? 0) + 1
  return Array.from({ length: last - first + 1 }, (_, row) => `${part}${first + row}`)
})

/** Rows with which the names of a file's tests and rows begin. */
const namesIn = (file: string): string[] => [...textOf(file).replace(/^\s*(\/\/|\/?\*).*$/gm, '').matchAll(/(?<=['"`])(?:[A-I]\d{1,3} )*[A-I]\d{1,3}(?=['"` ])/g)].flatMap(([names]) => names.split(' '))
const shownBy = new Map<string, Set<string>>()
const namesShown = (file: string): Set<string> => {
  const names = shownBy.get(file) ?? new Set([...partsOf(file)].flatMap(namesIn))
  shownBy.set(file, names)
  return names
}

const filesOf = (row: Row | undefined): readonly string[] => (row && 'shown' in row ? row.shown : [])

test('every row of the section is in the list, and nothing else', () => {
  expect(ALL).toHaveLength(140)
  expect(Object.keys(SECTION_FOUR).sort()).toEqual([...ALL].sort())
})

test('each row is shown by tests that name it, or has a reason why there is nothing to show', () => {
  const wrong = Object.entries(SECTION_FOUR).flatMap(([name, row]) => {
    if ('not' in row) return row.not.length < 20 ? [`${name} has no reason`] : []
    if (row.shown.length === 0) return [`${name} is shown nowhere`]
    return row.shown.flatMap(file => (!isThere(file) ? [`${name}: there is no ${file}`] : namesShown(file).has(name) ? [] : [`${name}: ${file} does not name it`]))
  })
  expect(wrong).toEqual([])
})

test('no test of the list names a row that there is not, or that the list does not say it shows', () => {
  const files = [...new Set(Object.values(SECTION_FOUR).flatMap(filesOf))]
  expect(files.length).toBeGreaterThan(10)
  const unknown = files.flatMap(file => [...namesShown(file)].filter(name => filesOf(SECTION_FOUR[name]).length === 0))
  expect([...new Set(unknown)]).toEqual([])
  const wrong = files.flatMap(file => [...new Set(namesIn(file))].filter(name => !filesOf(SECTION_FOUR[name]).includes(file)).map(name => `${file} names ${name}`))
  expect(wrong).toEqual([])
})

afterAll(() => {
  const rows = Object.values(SECTION_FOUR)
  process.stdout.write(`section 4: ${rows.length} rows, ${rows.filter(row => 'shown' in row).length} shown, ${rows.filter(row => 'not' in row).length} with nothing to show\n`)
})
