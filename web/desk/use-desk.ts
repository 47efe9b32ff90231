// Ties list and line together: reads the board, follows the feeds from where the list ends, and rings. When a feed cannot
// be resumed the board is read anew and that is said; nothing is passed over in silence.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { notify, ring } from './alarm'
import { boardOf, canAcknowledge, country, placed, reachedOf, words, type Board } from './board'
import { ask, type Refused } from './house'
import { follow, type Feed, type Line, type LineState } from '../../src/client/line'
import { graphqlUrl } from '../access/socket-url'
import {
  FILTER, HAND_OVER_FEED, HAND_OVERS, LIST, PARTNER_FEED, STATUS_FEED, URGENT_FEED,
  type Cause, type HandOverEvent, type HandOverSeen, type HandOversSeen, type ListedRequest, type ListSeen, type PartnerEvent, type Party, type RequestSeen, type StatusEvent, type UrgentEvent,
} from './operations'
import { authorizationOf, type Session } from './session'

export interface Told { key: string; at: string; text: string; isLoud: boolean }
export interface Desk {
  board: Board | null
  line: LineState
  heardAt: number
  lastEventAt: number | null
  told: readonly Told[]
  absent: readonly string[]
  /** What earlier shifts left and nobody has taken, newest first. */
  handOvers: readonly HandOverSeen[]
  /** Partners that do not answer now. */
  gone: readonly Party[]
  trouble: string | null
  /** What the feed could not tell, until somebody has seen that. */
  missed: string | null
  /** A request as an act of ours has left it. */
  place(request: RequestSeen): void
  placeHandOver(handOver: HandOverSeen): void
  seenMissed(): void
  retry(): void
}

const TOLD_AT_MOST = 50
const REPEAT_MS = 20_000
const AGAIN_MS = 5_000
const RINGS: readonly Cause[] = ['RECEIVED', 'RAISED', 'DUE_SOON', 'OVERDUE', 'ESCALATED']

interface Read { nodes: ListedRequest[]; absent: string[]; feedCursor: string }
interface Page extends Read { next: string | null }
interface Failed { failed: string; refused?: Refused }

/** One page does, as a rule; where it does not, all pages in the order in which none is missed. */
async function readList(authorization: string): Promise<{ read: Read } | Failed> {
  const first = await readPage(authorization, 'DUE_FIRST', null)
  if ('failed' in first || !first.next) return 'failed' in first ? first : { read: first }
  const all: Read = { nodes: [], absent: [], feedCursor: '' }
  for (let after: string | null = null; ;) {
    const page: Page | Failed = await readPage(authorization, 'CREATED', after)
    if ('failed' in page) return page
    all.nodes.push(...page.nodes)
    all.absent = [...new Set([...all.absent, ...page.absent])]
    all.feedCursor ||= page.feedCursor
    if (!page.next) return { read: all }
    after = page.next
  }
}

async function readPage(authorization: string, orderBy: 'DUE_FIRST' | 'CREATED', after: string | null): Promise<Page | Failed> {
  const answer = await ask<ListSeen>(authorization, LIST, { filter: FILTER, orderBy, after })
  if ('noAnswer' in answer) return { failed: answer.noAnswer }
  if ('refused' in answer) return { failed: answer.refused.message, refused: answer.refused }
  const { nodes, sources, feedCursor, pageInfo } = answer.data.requests
  return { nodes, absent: sources.filter(each => each.state !== 'ANSWERED').map(each => each.authority), feedCursor, next: pageInfo.hasNextPage ? pageInfo.endCursor : null }
}

export function useDesk(session: Session, onRefused: (why: string) => void): Desk {
  const [board, setBoard] = useState<Board | null>(null)
  const [state, setState] = useState<LineState>({ phase: 'connecting' })
  const [heardAt, setHeardAt] = useState(0)
  const [lastEventAt, setLastEventAt] = useState<number | null>(null)
  const [told, setTold] = useState<readonly Told[]>([])
  const [absent, setAbsent] = useState<readonly string[]>([])
  const [handOvers, setHandOvers] = useState<readonly HandOverSeen[]>([])
  const [gone, setGone] = useState<readonly Party[]>([])
  const [trouble, setTrouble] = useState<string | null>(null)
  const [missed, setMissed] = useState<string | null>(null)
  const [reading, setReading] = useState(0)
  const line = useRef<Line | null>(null)
  const refused = useRef(onRefused)
  refused.current = onRefused

  const tell = useCallback((each: Told) => setTold(before => [each, ...before.filter(known => known.key !== each.key)].slice(0, TOLD_AT_MOST)), [])
  const placeHandOver = useCallback((handOver: HandOverSeen) => setHandOvers(before => withHandOver(before, handOver)), [])
  const place = useCallback((request: RequestSeen) => setBoard(before => before && placed(before, request)), [])

  useEffect(() => {
    let over = false
    let again: ReturnType<typeof setTimeout> | undefined
    const begin = async (): Promise<void> => {
      const answer = await readList(await authorizationOf(session, reading > 0))
      if (over) return
      if ('failed' in answer) {
        if (answer.refused && ['UNAUTHENTICATED', 'FORBIDDEN'].includes(answer.refused.code)) return refused.current(answer.failed)
        setTrouble(answer.failed)
        again = setTimeout(() => void begin(), AGAIN_MS)
        return
      }
      setTrouble(null)
      setAbsent(answer.read.absent)
      setBoard(boardOf(answer.read.nodes))
      setHandOvers(await readHandOvers(await authorizationOf(session)))
      if (over) return
      const anew = (key: string, why: string): void => {
        const text = `${why} The board was read anew; what happened in between is on it, but not listed here.`
        tell({ key: `lost ${key}`, at: new Date().toISOString(), text, isLoud: true })
        setMissed(text)
        setReading(before => before + 1)
      }
      const feed = <Event,>(query: string, next: (event: Event) => void): Feed => ({
        query, after: answer.read.feedCursor,
        next: event => {
          setLastEventAt(Date.now())
          next(event as Event)
        },
        unshown: ({ cursor }, why) => anew(cursor, `An event could not be shown (${why}).`),
      })
      line.current = follow({
        url: graphqlUrl(),
        authorization: () => authorizationOf(session, true),
        heard: () => setHeardAt(Date.now()),
        state: next => {
          if (next.phase !== 'ended') return setState(next)
          if (!next.code.startsWith('CURSOR_')) return refused.current(next.why)
          anew(String(Date.now()), `The feed could not be resumed (${next.code}).`)
        },
        feeds: [
          feed<UrgentEvent>(URGENT_FEED, event => {
            setBoard(before => before && placed(before, event.request, event.cause, reachedOf(event.addressee)))
            announce(event, tell)
          }),
          feed<StatusEvent>(STATUS_FEED, event => setBoard(before => before && placed(before, event.request))),
          feed<HandOverEvent>(HAND_OVER_FEED, ({ handOver, acknowledged, cursor }) => {
            placeHandOver(handOver)
            tell({ key: cursor, at: handOver.acknowledgedAt ?? handOver.at, text: acknowledged ? `Shift taken over by ${handOver.acknowledgedBy ?? ''}` : `Shift handed over by ${handOver.leftBy}`, isLoud: false })
          }),
          { query: PARTNER_FEED, isSnapshot: true, next: event => setGone(before => withPartner(before, event as unknown as PartnerEvent)) },
        ],
      })
    }
    void begin()
    return () => {
      over = true
      clearTimeout(again)
      line.current?.close()
      line.current = null
    }
  }, [session, reading, tell, placeHandOver])

  useWaking(line)
  useRepeatedRing(board)
  const retry = useCallback(() => line.current?.check(), [])
  const seenMissed = useCallback(() => setMissed(null), [])
  return useMemo(() => ({ board, line: state, heardAt, lastEventAt, told, absent, handOvers, gone, trouble, missed, place, placeHandOver, seenMissed, retry }),
    [board, state, heardAt, lastEventAt, told, absent, handOvers, gone, trouble, missed, place, placeHandOver, seenMissed, retry])
}

const withHandOver = (known: readonly HandOverSeen[], handOver: HandOverSeen): HandOverSeen[] =>
  [...known.filter(each => each.id !== handOver.id), ...(handOver.acknowledgedAt ? [] : [handOver])].sort((one, other) => (one.at < other.at ? 1 : -1))

const withPartner = (known: readonly Party[], { partner: { authority, reachability } }: PartnerEvent): Party[] =>
  [...known.filter(each => each.id !== authority.id), ...(reachability === 'ANSWERED' ? [] : [authority])]

async function readHandOvers(authorization: string): Promise<readonly HandOverSeen[]> {
  const answer = await ask<HandOversSeen>(authorization, HAND_OVERS)
  return 'data' in answer ? answer.data.handOvers : []
}

function announce({ cursor, cause, at, reason, addressee, request }: UrgentEvent, tell: (each: Told) => void): void {
  const text = `${SAID[cause]} ${request.reference}, ${words(request.urgency).toLowerCase()}, ${country(request.requesting.code)} to ${country(request.requested.code)}${reachedOf(addressee)}${reason ? `: ${reason}` : ''}`
  const isLoud = RINGS.includes(cause)
  tell({ key: cursor, at, text, isLoud })
  if (!isLoud) return
  ring(request.urgency === 'EMERGENCY' ? 'emergency' : 'urgent')
  notify(`${words(request.urgency)}: ${SAID[cause].toLowerCase()}`, `${request.reference}, from ${country(request.requesting.code)}`, request.reference)
}

const SAID: Record<Cause, string> = { RECEIVED: 'Received', RAISED: 'Raised', LOWERED: 'Lowered', ACKNOWLEDGED: 'Acknowledged', DUE_SOON: 'Due soon', OVERDUE: 'Overdue', ESCALATED: 'Escalated' }

/** A sleeping machine's timers stand still; what wakes it asks at once. */
function useWaking(line: { current: Line | null }): void {
  useEffect(() => {
    const woken = (): void => { if (document.visibilityState === 'visible') line.current?.check() }
    document.addEventListener('visibilitychange', woken)
    window.addEventListener('online', woken)
    return () => {
      document.removeEventListener('visibilitychange', woken)
      window.removeEventListener('online', woken)
    }
  }, [line])
}

/** An emergency that waits for us rings until somebody has taken it. */
function useRepeatedRing(board: Board | null): void {
  const waits = [...(board?.values() ?? [])].some(row => row.urgency === 'EMERGENCY' && canAcknowledge(row))
  useEffect(() => {
    if (!waits) return
    const timer = setInterval(() => void ring('emergency'), REPEAT_MS)
    return () => clearInterval(timer)
  }, [waits])
}
