// This node's own copy of the register follows the editions that the hub offers; each is believed by its signature and checked whole.
import type { Logger } from 'pino'
import type { HousePeer } from '../peer/client'
import type { waitOr } from '../peer/retry'
import type { Editions } from '../register/editions'
import { EDITION_AT_MOST } from '../wire/register-edition'

export interface RegisterCopyParts { editions: Editions; hub: Pick<HousePeer, 'get'>; log: Logger; wait: typeof waitOr }

const EVERY_MS = 15_000
const DEADLINE_MS = 10_000
/** The edition and the line around it. */
const ANSWER_AT_MOST = EDITION_AT_MOST + 1_024

export async function followRegister({ editions, hub, log, wait }: RegisterCopyParts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      while (!signal.aborted && (await takeNext())) continue
    } catch (err) {
      log.error({ err }, 'an edition of the register is not taken')
    }
    await wait(EVERY_MS, signal)
  }

  async function takeNext(): Promise<boolean> {
    await editions.refresh()
    const outcome = await hub.get(`/register?after=${editions.newest.version}`, { deadlineMs: DEADLINE_MS, maxAnswerBytes: ANSWER_AT_MOST, signal })
    const edition = outcome.state === 'ANSWERED' && outcome.status === 200 ? (outcome.body as { edition?: unknown }).edition : null
    return typeof edition === 'string' && (await editions.take(edition))
  }
}
