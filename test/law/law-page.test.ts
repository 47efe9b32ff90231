// docs/law.md says what the rows say. After a change of the rows: npm run law
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadRegister } from '../../src/register/load'
import { renderLawPage } from '../../src/register/law-page'

const PAGE = join(__dirname, '..', '..', 'docs', 'law.md')
const register = loadRegister(join(__dirname, '..', '..', 'seeds', 'register'))

test('a reader of docs/law.md sees what the register says now', () => {
  expect(readFileSync(PAGE, 'utf8') === renderLawPage(register) ? 'fresh' : 'stale: npm run law writes it anew').toBe('fresh')
})

test('a reader sees every instrument, every party and each missing mark', () => {
  const page = renderLawPage(register)
  for (const { code, parties } of register.instruments) {
    expect(page).toContain(`| ${code} |`)
    for (const { state, inForceOn } of parties) expect(page).toContain(`${state} ${inForceOn ?? '?'}`)
  }
  expect(page).toContain('DE 1977-01-01 ✓ · FR 1967-08-21 ✓')
  expect(page).toContain('Japan ratified with a reservation on art. 7')
})

test('a row with a bar in its text does not break the table', () => {
  const [first] = register.instruments
  const page = renderLawPage({ ...register, instruments: first ? [{ ...first, title: 'a | b' }] : [] })
  expect(page).toContain('a \\| b')
})
