// Chromium for tests of the pages: the one named by COMITY_TEST_CHROMIUM, else the one of this machine, cut off from all but this machine.
// What a page asked for elsewhere and what it complained of is kept, so that a test can say that there was nothing.
import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

const NAMED = process.env.COMITY_TEST_CHROMIUM ?? ''
const REQUIRED = process.env.COMITY_REQUIRE_CHROMIUM === '1'
const PATH = NAMED || ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(path => existsSync(path))

/** `describe`, or a skipped one whose name says what is missing; with COMITY_REQUIRE_CHROMIUM=1 a missing browser fails. */
export function describeInChromium(name: string, body: () => void): void {
  if (PATH) return describe(name, body)
  const missing = `${name}: NOT RUN, no Chromium (set COMITY_TEST_CHROMIUM)`
  if (REQUIRED) return test(missing, () => { throw new TypeError(missing) })
  process.stderr.write(`${missing}\n`)
  describe.skip(missing, body)
}

/** No name resolves, so that a page that loads anything from elsewhere shows it. */
export const openChromium = (): Promise<Browser> => chromium.launch({
  ...(PATH && { executablePath: PATH }), timeout: 60_000,
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--autoplay-policy=no-user-gesture-required', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
})

export interface Window { page: Page; elsewhere: string[]; complaints: string[] }

/** A window of a person of its own. Waits are for facts and end late: machines differ. */
export async function openWindow(browser: Browser, base: string, options: BrowserContextOptions = {}): Promise<Window> {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 800 }, ...options })
  context.setDefaultTimeout(40_000)
  const page = await context.newPage()
  const [elsewhere, complaints]: [string[], string[]] = [[], []]
  page.on('request', request => { if (!request.url().startsWith(base) && !/^(data|blob):/.test(request.url())) elsewhere.push(request.url()) })
  page.on('console', message => { if (message.type() === 'error') complaints.push(message.text()) })
  page.on('pageerror', error => complaints.push(String(error)))
  return { page, elsewhere, complaints }
}
