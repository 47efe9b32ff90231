// Where a house is told what its own issuer takes back (`comity token withdraw`). Believes the signature alone.
import type { Logger } from 'pino'
import { readJson, sendJson, sendRefusal } from '../door/plain'
import type { Route } from '../door/route'
import { Refusal } from '../refusal'
import type { Withdrawals } from './withdrawals'

export const WITHDRAWALS_PATH = '/rights/withdrawals'
const BODY_AT_MOST = 16 * 1024

export const withdrawalRoute = (withdrawals: Withdrawals, log: Logger): Route => ({
  method: 'POST', path: WITHDRAWALS_PATH,
  handle: async (req, res, meta) => {
    try {
      const { statement } = (await readJson(req, BODY_AT_MOST)) as { statement?: unknown }
      if (typeof statement !== 'string') throw new Refusal('BAD_REQUEST', 'A withdrawal is a signed statement.', { path: 'statement', hint: 'Use `comity token withdraw`.' })
      await withdrawals.take(statement)
      sendJson(res, 200, { taken: true })
    } catch (thrown) { sendRefusal(res, thrown, meta, log) }
  },
})
