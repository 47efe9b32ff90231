// The desk page as a person on duty has it: an emergency appears and rings, is acknowledged, a term passes and the delay climbs, the line is cut
// and comes back with what was missed. Everything else of the case is done through the public API.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { dataFolder } from '../../src/cli/data-folder'
import { tokenOf } from '../../src/cli/token'
import type { Role } from '../../src/domain/vocabulary'
import { describeInChromium, openChromium, openWindow, type Window } from '../support/browser'
import { preservation } from '../support/case-words'
import { Desk, eventually } from '../support/desk'
import { freePorts } from '../support/ports'
import { launch, ready, type HouseProcess } from '../support/trial'

/** Runs in the page before its own code: counts tones, and keeps every state of the line that was said. */
const WITNESS = `
  window.tones = 0
  const Tone = window.OscillatorNode
  window.OscillatorNode = class extends Tone { start(at) { window.tones += 1; super.start(at) } }
  window.lines = []
  new MutationObserver(() => { const text = document.querySelector('.line-text')?.textContent; if (text && window.lines.at(-1) !== text) window.lines.push(text) })
    .observe(document, { subtree: true, childList: true, characterData: true })`

describeInChromium('The desk page in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'comity-pages-'))
  let browser: Browser
  let house: HouseProcess
  let base = ''
  const seated: Desk[] = []

  const start = (): Promise<HouseProcess> => ready('up', launch(['up', '--data', folder, '--no-demo', '--port', new URL(base).port]))
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

  const desk = async (country: string, role: Role, subject: string): Promise<Desk> => {
    const each = new Desk(`${base}/graphql`, await tokenOf(dataFolder(folder), country, role, subject, 3_600))
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

  test('an emergency rings at the French desk, is taken there, falls late at the German one, and a cut line hides nothing', async () => {
    const { page, complaints, elsewhere } = await seatedWindow(/France: desk/)
    await page.getByText('Nothing urgent is open.').waitFor()
    await page.getByRole('button', { name: 'Turn sound on' }).click()
    await page.getByRole('button', { name: 'Sound on' }).waitFor()
    const before = await tones(page)
    const reference = await emergency('desk-1')
    await card(page, reference).getByText('Delivered').waitFor()
    await page.getByText('1 to acknowledge').waitFor()
    await eventually(() => tones(page), count => count >= before + 6, 'the emergency rings')
    await page.waitForFunction('document.title.startsWith("(1) France desk")')

    await card(page, reference).getByRole('button', { name: `Acknowledge ${reference}` }).click()
    await page.getByLabel('Handled by').fill('Duty desk')
    await page.getByLabel('Our case number').fill('N 26/1')
    await page.getByRole('dialog').getByRole('button', { name: 'Acknowledge' }).click()
    await card(page, reference).getByText('Acknowledged', { exact: true }).waitFor()
    await (await desk('DE', 'OFFICIAL', 'anna')).until(reference, 'ACKNOWLEDGED')

    const luc = await desk('FR', 'OFFICIAL', 'luc')
    const german = await seatedWindow(/Germany: official/)
    await luc.actOnceOffered('BEGIN_ASSESSMENT', 'beginAssessment', reference)
    await luc.actOnceOffered('ASK_FOR_INFORMATION', 'askForInformation', reference, { missing: ['The provider'], answerBy: new Date(Date.now() + 3_000).toISOString() })
    await german.page.getByText('1 overdue').waitFor()
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
    const publisher = await desk('FR', 'LIAISON', 'publisher')
    await publisher.read('mutation($input: ContactPointInput!) { publishContactPoint(input: $input) { contactPoint { id } } }', {
      input: { function: 'Night desk', channels: [{ kind: 'PHONE', address: '+33 1' }], languages: ['fr'], roundTheClock: true, competences: ['PRESERVATION'], reviewBy: '2027-06-30' },
    })
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

  test.each([[390, 'light'], [390, 'dark'], [1_280, 'light'], [1_280, 'dark']] as const)('the desk fits a screen of %i pixels, %s', async (width, colorScheme) => {
    const { page, complaints } = await seatedWindow(/France: desk/, { viewport: { width, height: 844 }, colorScheme })
    await page.getByText(/to acknowledge/).waitFor()
    await shot(page, `desk-${width}-${colorScheme}`)
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(complaints).toEqual([])
    await page.context().close()
  })
})

/** Kept where COMITY_TEST_SHOTS names a folder. */
const shot = async (page: Page, name: string): Promise<void> => {
  const folder = process.env['COMITY_TEST_SHOTS']
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}
const card = (page: Page, reference: string) => page.locator(`[data-reference="${reference}"]`)
const tones = (page: Page): Promise<number> => page.evaluate('window.tones')
