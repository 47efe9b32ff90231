// The playground as a person has it: opened without a network, every ready tab run, one request played from Germany to France by one person
// in two windows, a subscription that shows it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { describeInChromium, openChromium, openWindow, type Window } from '../support/browser'
import { freePorts } from '../support/ports'
import { launch, ready, type HouseProcess } from '../support/trial'

interface Answered { data?: Record<string, unknown> | null; errors?: { message: string }[] }

describeInChromium('The playground in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'comity-pages-'))
  let browser: Browser
  let house: HouseProcess
  let base = ''

  beforeAll(async () => {
    const port = await freePorts(4)
    base = `http://127.0.0.1:${port}`
    ;[house, browser] = await Promise.all([ready('up', launch(['up', '--data', folder, '--port', String(port)])), openChromium()])
  })
  afterAll(async () => {
    await browser?.close()
    await house?.kill()
    rmSync(folder, { recursive: true, force: true })
  })

  const opened = async (query = '', options = {}): Promise<Window> => {
    const window = await openWindow(browser, base, options)
    await window.page.goto(`${base}/playground${query}`)
    await window.page.getByRole('button', { name: /^Execute/ }).waitFor()
    await window.page.locator('.bar-who select').waitFor()
    return window
  }

  test('a person plays a request from Germany to France, while a second window at the French desk is told of it', async () => {
    const desk = await opened('?as=FR.LIAISON&tab=UrgentRequests')
    await stands(desk.page, 'UrgentRequests')
    await desk.page.getByRole('button', { name: /^Execute/ }).click()
    await desk.page.getByRole('button', { name: /^Stop/ }).waitFor()

    const own = await opened('?as=DE.OFFICIAL&tab=Draft')
    await stands(own.page, 'Draft')
    const drafted = requestOf(await run(own.page, 'Draft'), 'draftRequest')
    expect(drafted).toMatchObject({ status: 'DRAFT' })
    for (const [identity, tab, mutation, status] of [
      ['DE.VALIDATOR', 'Validate', 'validateRequest', 'VALIDATED'], ['DE.OFFICIAL', 'Submit', 'submitRequest', 'SUBMITTED'],
      ['FR.LIAISON', 'Acknowledge', 'acknowledgeRequest', 'ACKNOWLEDGED'], ['FR.OFFICIAL', 'Assess', 'beginAssessment', 'ASSESSMENT'],
    ] as const) {
      if (tab === 'Acknowledge') await shows(desk.page, String(drafted.reference))
      await own.page.locator('.bar-who select').selectOption(identity)
      await openTab(own.page, tab)
      await variable(own.page, String(drafted.reference))
      expect(requestOf(await run(own.page, tab), mutation)).toMatchObject({ status })
    }
    await openTab(own.page, 'OneRequest')
    await variable(own.page, String(drafted.reference))
    expect((await run(own.page, 'OneRequest')).data?.['request']).toMatchObject({ status: 'ASSESSMENT' })
    await shows(own.page, 'ASSESSMENT')
    expect([...own.complaints, ...desk.complaints]).toEqual([])
    expect([...own.elsewhere, ...desk.elsewhere]).toEqual([])
  })

  test('every tab that asks answers at once, for whom it is meant', async () => {
    const { page, complaints, elsewhere } = await opened()
    expect((await page.getByRole('tab').allInnerTexts()).map(title => title.trim())).toEqual(['LegalBases', 'MyRequests', 'Draft', 'Validate', 'Submit', 'Acknowledge', 'Assess', 'OneRequest', 'UrgentRequests', 'StatusChanged'])
    for (const tab of ['LegalBases', 'MyRequests', 'OneRequest']) {
      await openTab(page, tab)
      const { data, errors } = await run(page, tab)
      expect({ tab, errors, data }).toMatchObject({ tab, errors: undefined, data: expect.any(Object) as unknown })
    }
    await openTab(page, 'StatusChanged')
    await page.getByRole('button', { name: /^Execute/ }).click()
    await page.getByRole('button', { name: /^Stop/ }).waitFor()
    await page.getByRole('button', { name: /^Stop/ }).click()
    await page.getByRole('button', { name: /^Execute/ }).waitFor()
    expect(complaints).toEqual([])
    expect(elsewhere).toEqual([])
  })

  test('the page fits a narrow screen and a dark one', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, complaints } = await opened('', { viewport: { width: 390, height: 844 }, colorScheme })
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
      await expect(page.getByRole('button', { name: /^Execute/ }).isVisible()).resolves.toBe(true)
      expect(complaints).toEqual([])
      await page.context().close()
    }
  })
})

/** Tabs with several operations: the button opens a menu of them. */
const WITH_MENU = new Set(['Validate', 'Assess'])

/** Opens a tab and waits until its operation stands in the editor and the button knows of it: GraphiQL reads a document some moments later. */
async function openTab(page: Page, name: string): Promise<void> {
  await page.locator(`.graphiql-tab-button[title="${name}"]`).click()
  await stands(page, name)
  await page.locator(`.graphiql-execute-button${WITH_MENU.has(name) ? '[aria-haspopup]' : ':not([aria-haspopup])'}`).waitFor()
}

const stands = (page: Page, operation: string): Promise<void> => page.locator('.graphiql-query-editor .view-line', { hasText: operation }).first().waitFor()

/** Runs the operation of this name in the open tab and gives what the house answered. */
async function run(page: Page, operation: string): Promise<Answered> {
  const answer = page.waitForResponse(response => response.url().endsWith('/graphql') && new RegExp(`(query|mutation) ${operation}\\(`).test(response.request().postData() ?? ''))
  await page.getByRole('button', { name: /^Execute/ }).click()
  if (WITH_MENU.has(operation)) await page.getByRole('menuitem', { name: operation, exact: true }).click()
  return (await (await answer).json()) as Answered
}

function requestOf({ data, errors }: Answered, mutation: string): Record<string, unknown> {
  const taken = data?.[mutation] as { request: Record<string, unknown> } | null | undefined
  if (!taken) throw new TypeError(`${mutation} was refused: ${JSON.stringify(errors)}`)
  return taken.request
}

/** Waits until the page has filled the request in: it follows each act. */
const variable = async (page: Page, reference: string): Promise<void> => page.locator('.graphiql-editor-tool .view-line', { hasText: reference }).first().waitFor()
const shows = async (page: Page, text: string): Promise<void> => page.locator('.result-window .view-line', { hasText: text }).first().waitFor()
