// The desk page as a person on duty has it: an emergency appears and rings, is acknowledged, a term passes, the delay grows and climbs the ladder, the
// line is cut and comes back with what was missed, or with the word that something was. Everything else of the case is done through the public API.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { dataFolder } from '../../src/cli/data-folder'
import { REGISTER_FOLDER } from '../../src/cli/seeds'
import { tokenOf } from '../../src/cli/token'
import type { Role } from '../../src/domain/vocabulary'
import { describeInChromium, openChromium, openWindow, type Window } from '../support/browser'
import { preservation } from '../support/case-words'
import { Desk, eventually } from '../support/desk'
import { freePorts } from '../support/ports'
import { comity, launch, ready, type HouseProcess } from '../support/trial'

/** Runs in the page before its own code: counts tones, and keeps every state of the line that was said. */
const WITNESS = `
  window.tones = 0
  const Tone = window.OscillatorNode
  window.OscillatorNode = class extends Tone { start(at) { window.tones += 1; super.start(at) } }
  window.lines = []
  new MutationObserver(() => { const text = document.querySelector('.line-text')?.textContent; if (text && window.lines.at(-1) !== text) window.lines.push(text) })
    .observe(document, { subtree: true, childList: true, characterData: true })`

const HOUSES = ['DE', 'FR', 'BR']
const SIZES = [[390, 'light'], [390, 'dark'], [1_280, 'light'], [1_280, 'dark']] as const
/** Of a register in which two rungs of an emergency's ladder are climbed as soon as it is late, and the third a minute later. */
const RUNGS_AFTER = ['PT0M', 'PT0M', 'PT1M']
const CLIMBED_WITHIN_MS = 150_000

describeInChromium('The desk page in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'comity-pages-'))
  let browser: Browser
  let house: HouseProcess
  let base = ''
  const seated: Desk[] = []

  const start = (): Promise<HouseProcess> => ready('up', launch(['up', '--data', folder, '--no-demo', '--authorities', HOUSES.join(), '--port', new URL(base).port]))
  beforeAll(async () => {
    base = `http://127.0.0.1:${await freePorts(4)}`
    ;[house, browser] = await Promise.all([start(), openChromium()])
  })
  afterAll(async () => {
    for (const desk of seated) desk.close()
    await browser?.close()
    await house?.kill()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Where the authority's node is: behind the hub, in the order of the houses. */
  const nodeOf = (country: string): string => `http://127.0.0.1:${Number(new URL(base).port) + 1 + HOUSES.indexOf(country)}`
  const desk = async (country: string, role: Role, subject: string, at = base): Promise<Desk> => {
    const each = new Desk(`${at}/graphql`, await tokenOf(dataFolder(folder), country, role, subject, 3_600))
    seated.push(each)
    return each
  }
  const seatedWindow = async (label: RegExp, options = {}): Promise<Window> => {
    const window = await openWindow(browser, base, options)
    await window.page.addInitScript(WITNESS)
    await window.page.goto(`${base}/desk`)
    await window.page.getByRole('button', { name: label }).click()
    await window.page.getByText(/^Live:/).waitFor()
    return window
  }
  /** An emergency of Germany, sent to France. */
  const emergency = async (key: string): Promise<string> => {
    const [anna, vera] = await Promise.all([desk('DE', 'OFFICIAL', 'anna'), desk('DE', 'VALIDATOR', 'vera')])
    const { reference } = await anna.act('draftRequest', preservation(key))
    await vera.actOnceOffered('VALIDATE', 'validateRequest', reference)
    await anna.actOnceOffered('SUBMIT', 'submitRequest', reference)
    return reference
  }

  const publishDesk = async (country: string, words: object): Promise<void> => {
    const input = { channels: [{ kind: 'PHONE', address: '+33 1' }], languages: ['fr'], roundTheClock: true, competences: ['PRESERVATION'], reviewBy: '2027-06-30', ...words }
    await (await desk(country, 'LIAISON', 'publisher')).read('mutation($input: ContactPointInput!) { publishContactPoint(input: $input) { contactPoint { id } } }', { input })
  }
  /** Assessed in France, which asks Germany for what it does not get. */
  const unanswered = async (reference: string): Promise<void> => {
    const luc = await desk('FR', 'OFFICIAL', 'luc')
    await luc.actOnceOffered('ACKNOWLEDGE', 'acknowledgeRequest', reference, { handler: 'Duty desk', ownReference: reference })
    await luc.actOnceOffered('BEGIN_ASSESSMENT', 'beginAssessment', reference)
    await luc.actOnceOffered('ASK_FOR_INFORMATION', 'askForInformation', reference, { missing: ['The provider'], answerBy: new Date(Date.now() + 10_000).toISOString() })
  }

  test('an emergency rings at the French desk, is taken there, falls late at the German one, and a cut line hides nothing', async () => {
    const { page, complaints, elsewhere } = await seatedWindow(/France: desk/)
    await page.getByText('Nothing urgent is open.').waitFor()
    await page.getByRole('button', { name: 'Turn sound on' }).click()
    await page.getByRole('button', { name: 'Sound on' }).waitFor()
    const before = await tones(page)
    const reference = await emergency('desk-1')
    await card(page, reference).getByText('Delivered').waitFor()
    await page.getByText('1 to acknowledge', { exact: true }).waitFor()
    await eventually(() => tones(page), count => count >= before + 6, 'the emergency rings')
    await page.waitForFunction('document.title.startsWith("(1) France desk")')

    await card(page, reference).getByRole('button', { name: `Acknowledge ${reference}` }).click()
    await page.getByLabel('Handled by').fill('Duty desk')
    await page.getByLabel('Our case number').fill('N 26/1')
    await page.getByRole('dialog').getByRole('button', { name: 'Acknowledge' }).click()
    await card(page, reference).getByText('Acknowledged', { exact: true }).waitFor()
    await card(page, reference).getByText('→').waitFor({ state: 'detached' })
    await (await desk('DE', 'OFFICIAL', 'anna')).until(reference, 'ACKNOWLEDGED')

    const luc = await desk('FR', 'OFFICIAL', 'luc')
    const german = await seatedWindow(/Germany: official/)
    await luc.actOnceOffered('BEGIN_ASSESSMENT', 'beginAssessment', reference)
    await luc.actOnceOffered('ASK_FOR_INFORMATION', 'askForInformation', reference, { missing: ['The provider'], answerBy: new Date(Date.now() + 10_000).toISOString() })
    await german.page.getByText('1 overdue', { exact: true }).waitFor()
    const late = card(german.page, reference).getByRole('timer').filter({ hasText: /late$/ })
    const first = await late.innerText()
    await eventually(() => late.innerText(), text => text !== first && text.endsWith('late'), 'the delay climbs')

    const cut = complaints.length
    await house.kill()
    await page.getByText(/Nothing will be missed/).waitFor()
    house = await start()
    const second = await emergency('desk-2')
    await card(page, second).waitFor()
    await page.getByText(/^Live:/).waitFor()
    const lines = await page.evaluate('window.lines') as string[]
    const lost = lines.findIndex(line => line.includes('Nothing will be missed'))
    expect(lines.slice(lost).some(line => line.startsWith('Catching up'))).toBe(true)
    expect(complaints.slice(0, cut)).toEqual([])
    expect([...elsewhere, ...german.elsewhere]).toEqual([])
  })

  test('a shift is handed over with what is open and promised, and the next one takes it', async () => {
    await publishDesk('FR', { function: 'Night desk' })
    const open = await emergency('desk-3')
    const [leaving, coming] = [await seatedWindow(/France: desk/), await seatedWindow(/France: official/)]
    await leaving.page.getByRole('button', { name: 'Hand over' }).click()
    await leaving.page.getByLabel('Note').fill('Berlin calls at six.')
    await leaving.page.getByLabel('Promised').fill('Call the provider back.\nTell the prosecutor.')
    await leaving.page.getByRole('dialog').getByRole('button', { name: 'Hand over' }).click()
    await leaving.page.getByText('Waits for the next shift').waitFor()
    const left = coming.page.getByRole('region', { name: /^Left by/ })
    await left.getByText('Berlin calls at six.').waitFor()
    await left.getByText(open).waitFor()
    expect(await left.getByRole('listitem').allInnerTexts()).toEqual(['Call the provider back.', 'Tell the prosecutor.'])
    await shot(coming.page, 'hand-over-1280')
    await left.getByRole('button', { name: 'Take over' }).click()
    for (const { page } of [leaving, coming]) await page.getByRole('region', { name: /^Left by/ }).waitFor({ state: 'detached' })
    await leaving.page.getByText(/Shift taken over by/).waitFor()
    expect([...leaving.complaints, ...coming.complaints, ...leaving.elsewhere, ...coming.elsewhere]).toEqual([])
  })

  test('what nobody answers climbs to the next desk, to the head and to the partner\'s secretariat, on the boards of both', async () => {
    await publishDesk('DE', { function: 'First desk', rank: 0 })
    await publishDesk('DE', { function: 'Second desk', rank: 1 })
    await publishDesk('DE', { function: 'Head of the authority', level: 'HEAD' })
    await publishDesk('FR', { function: 'Secretariat', level: 'SECRETARIAT' })
    await publishRegister(folder, RUNGS_AFTER)
    const atParis = await desk('FR', 'OFFICIAL', 'luc', nodeOf('FR'))
    await eventually(() => atParis.read<{ registerEditions: object[]; contactPoints: { nodes: object[] } }>('{ registerEditions { version } contactPoints(filter: { jurisdictions: ["DE"] }) { nodes { id } } }'),
      known => known.registerEditions.length > 1 && known.contactPoints.nodes.length === 3, 'France knows the shorter ladder and the German desks')
    const boards = [await seatedWindow(/Germany: official/), await seatedWindow(/France: desk/)]
    const reference = await emergency('desk-4')
    await unanswered(reference)
    for (const { page } of boards) {
      await card(page, reference).getByText('Escalated → Head of the authority, Germany').waitFor()
    }
    for (const { page } of boards) {
      await card(page, reference).getByText('Escalated → Secretariat, France').waitFor({ timeout: CLIMBED_WITHIN_MS })
      await card(page, reference).getByText('Escalated', { exact: true }).waitFor()
      const told = (await page.getByRole('region', { name: 'What happened' }).getByRole('listitem').filter({ hasText: reference }).allInnerTexts()).reverse()
      expect(told.flatMap(text => /(Overdue|Escalated) .* → (.*)$/.exec(text)?.slice(1).join(': ') ?? []))
        .toEqual(['Overdue: First desk, Germany', 'Escalated: Second desk, Germany', 'Escalated: Head of the authority, Germany', 'Escalated: Secretariat, France'])
      await page.getByText(/^[1-9] overdue$/).waitFor()
      await atAllSizes(page, `escalated-${boards.findIndex(each => each.page === page)}`)
      const live = await card(page, reference).locator('.card-what').innerText()
      await page.reload()
      await card(page, reference).getByText('Escalated', { exact: true }).waitFor()
      expect(await card(page, reference).locator('.card-what').innerText()).toBe(live)
      expect(live).toContain('Escalated → Secretariat, France')
    }
    for (const { page, complaints, elsewhere } of boards) {
      expect([...complaints, ...elsewhere]).toEqual([])
      await page.context().close()
    }
  }, 2 * CLIMBED_WITHIN_MS)

  test.each(SIZES)('the desk fits a screen of %i pixels, %s', async (width, colorScheme) => {
    const { page, complaints } = await seatedWindow(/France: desk/, { viewport: { width, height: 844 }, colorScheme })
    await page.getByText(/^\d+ to acknowledge$/).waitFor()
    await looksRight(page, `desk-${width}-${colorScheme}`)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('a house that comes back with an older store than the desk has seen says that something is missing, and the board is as the house knows it', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'comity-copy-'))
    const { page, elsewhere } = await seatedWindow(/France: desk/)
    await house.kill()
    cpSync(folder, copy, { recursive: true })
    house = await start()
    const forgotten = await emergency('desk-5')
    await unanswered(forgotten)
    await card(page, forgotten).getByText('Info requested').waitFor()
    await page.getByText(/^Live:/).waitFor()
    expect(await page.getByText(/was read anew/).count()).toBe(0)

    await house.kill()
    rmSync(folder, { recursive: true })
    cpSync(copy, folder, { recursive: true })
    rmSync(copy, { recursive: true })
    house = await start()
    const warning = page.getByRole('alert').filter({ hasText: 'The feed could not be resumed (CURSOR_INVALID)' }).filter({ hasText: 'was read anew' })
    await warning.first().waitFor()
    await card(page, forgotten).waitFor({ state: 'detached' })
    await page.getByText(/^Live:/).waitFor()
    await atAllSizes(page, 'gone')
    await page.getByRole('button', { name: 'I have seen it' }).click()
    await page.getByText('Something was missed').waitFor({ state: 'detached' })
    const next = await emergency('desk-6')
    await card(page, next).getByText('Delivered').waitFor()
    expect(elsewhere).toEqual([])
  })
})

/** The package's register, in which what falls due of an emergency in hours climbs after as much. */
async function publishRegister(data: string, escalateAfter: readonly string[]): Promise<void> {
  const edition = mkdtempSync(join(tmpdir(), 'comity-register-'))
  cpSync(REGISTER_FOLDER, edition, { recursive: true })
  const change = <File,>(name: string, changed: (file: File) => File): void => writeFileSync(join(edition, name), JSON.stringify(changed(JSON.parse(readFileSync(join(edition, name), 'utf8')) as File)))
  const today = new Date().toISOString().slice(0, 10)
  change<{ version: number }>('register.json', file => ({ ...file, version: file.version + 1, asOf: today }))
  change<{ clockWarnings: { unit?: string; urgencies?: string[] }[] }>('templates.json', file => ({
    ...file, clockWarnings: file.clockWarnings.map(row => (row.unit === 'HOURS' && row.urgencies?.includes('EMERGENCY') ? { ...row, escalateAfter } : row)),
  }))
  const { code, stderr } = await comity(['register', 'publish', edition, '--from', today, '--data', data])
  rmSync(edition, { recursive: true })
  if (code !== 0) throw new TypeError(stderr)
}

/** Fits the window, and nothing on it is paler than WCAG AA allows. */
async function looksRight(page: Page, name: string): Promise<void> {
  await shot(page, name)
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  expect(await page.evaluate(TOO_PALE)).toEqual([])
}

async function atAllSizes(page: Page, name: string): Promise<void> {
  for (const [width, colorScheme] of SIZES) {
    await page.setViewportSize({ width, height: 844 })
    await page.emulateMedia({ colorScheme })
    await looksRight(page, `${name}-${width}-${colorScheme}`)
  }
}

/** Runs in the page: each text that is shown with too little contrast to what lies behind it, by WCAG 2.2 1.4.3. */
const TOO_PALE = `(() => {
  const brush = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true })
  const painted = colours => {
    brush.clearRect(0, 0, 1, 1)
    for (const colour of colours) { brush.fillStyle = colour; brush.fillRect(0, 0, 1, 1) }
    return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3).map(each => each / 255).map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
  }
  const light = ([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue
  const behind = element => element ? [...behind(element.parentElement), getComputedStyle(element).backgroundColor] : []
  const found = []
  for (const element of document.querySelectorAll('body *')) {
    const text = [...element.childNodes].filter(node => node.nodeType === 3).map(node => node.data.trim()).join(' ').trim()
    const { width, height } = element.getBoundingClientRect()
    if (!text || width < 2 || height < 2 || element.closest('[disabled], [data-disabled]')) continue
    const style = getComputedStyle(element)
    const back = behind(element)
    const [one, other] = [light(painted(back)), light(painted([...back, style.color]))].sort((a, b) => b - a)
    const size = parseFloat(style.fontSize)
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5
    const ratio = (one + 0.05) / (other + 0.05)
    if (ratio < least) found.push(text.slice(0, 60) + ': ' + ratio.toFixed(2))
  }
  return found
})()`

/** Kept where COMITY_TEST_SHOTS names a folder. */
const shot = async (page: Page, name: string): Promise<void> => {
  const folder = process.env['COMITY_TEST_SHOTS']
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}
const card = (page: Page, reference: string) => page.locator(`[data-reference="${reference}"]`)
const tones = (page: Page): Promise<number> => page.evaluate('window.tones')
