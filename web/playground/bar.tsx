// The bar above GraphiQL: what to do, in one line, and who one is. The identity fills the headers editor, so HTTP and
// socket go out alike; a running subscription is begun anew under it.
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { keyOf, useIdentities, type DemoIdentity } from '../access/identities'
import type { HouseFetcher } from './fetcher'
import { filled, type Met } from './last-request'
import { startAnew } from './playground'
import { MEANT_FOR, type ReadyTab } from './ready-tabs'

interface Props { fetcher: HouseFetcher; tabs: readonly ReadyTab[]; onMet(tell: (request: Met) => void): void }

const KEPT = 'comity.playground.as'
const FIRST = 'DE.OFFICIAL'
const DESK = 'FR.LIAISON'
const asked = new URLSearchParams(location.search)

const authorizationOf = (identity: DemoIdentity | undefined): string | null => (identity?.token ? `Bearer ${identity.token}` : null)

export function Bar({ fetcher, tabs, onMet }: Props) {
  const { list, known } = useIdentities()
  const [key, setKey] = useState(() => asked.get('as') ?? sessionStorage.getItem(KEPT) ?? FIRST)
  const identity = list.find(each => keyOf(each) === key) ?? list[0]
  const active = useGraphiQL(state => state.tabs[state.activeTabIndex]?.title)
  const meant = MEANT_FOR[active ?? ''] ?? null
  const other = meant !== null && identity && keyOf(identity) !== meant ? list.find(each => keyOf(each) === meant) : undefined

  useEffect(() => sessionStorage.setItem(KEPT, key), [key])
  useAuthorization(fetcher, identity)
  useAskedTab(tabs)
  useFilledVariables(identity, onMet)

  return (
    <header className="bar">
      <strong className="bar-name">Comity playground</strong>
      <p className="bar-line">Pick a tab and press ▶ (Ctrl+Enter). {known && list.length === 0 ? <OwnToken /> : 'Change who you are to play the other side.'}</p>
      <nav className="bar-ways">
        {list.some(each => keyOf(each) === DESK) && <a href={`/playground?as=${DESK}&tab=UrgentRequests`} target="_blank" rel="noopener">Second window: the French desk</a>}
        <button type="button" className="bar-quiet" onClick={startAnew}>Fresh tabs</button>
      </nav>
      {identity && (
        <div className="bar-who">
          <label>
            <span>I am</span>
            <select value={keyOf(identity)} onChange={event => setKey(event.target.value)}>
              {list.map(each => <option key={keyOf(each)} value={keyOf(each)}>{each.label}</option>)}
            </select>
          </label>
          {other && <button type="button" className="bar-hint" onClick={() => setKey(keyOf(other))}>This is meant for {other.label}: switch</button>}
        </div>
      )}
    </header>
  )
}

const OwnToken = () => <>Your token goes into Headers: <code>{'{"Authorization": "Bearer …"}'}</code></>

/** Writes the identity into the headers editor of whichever tab is open, and leaves all other headers. */
function useAuthorization(fetcher: HouseFetcher, identity: DemoIdentity | undefined): void {
  const editor = useGraphiQL(state => state.headerEditor)
  const tab = useGraphiQL(state => state.tabs[state.activeTabIndex]?.id)
  const isStreaming = useGraphiQL(state => state.subscription !== null)
  const { run, stop } = useGraphiQLActions()
  const streaming = useRef(isStreaming)
  streaming.current = isStreaming
  const before = useRef<string | undefined>(undefined)
  const who = identity && keyOf(identity)
  const token = identity?.token ?? null
  useEffect(() => {
    if (!editor || who === undefined) return
    const text = withAuthorization(editor.getValue(), token && `Bearer ${token}`)
    if (text !== null && text !== editor.getValue()) editor.setValue(text)
    const isAnother = before.current !== undefined && before.current !== who
    before.current = who
    if (!isAnother) return
    const again = streaming.current
    if (again) stop()
    fetcher.hangUp()
    if (again) run()
  }, [editor, tab, who, token, fetcher, run, stop])
}

/** Null where a person is in the middle of writing. */
function withAuthorization(text: string, authorization: string | null): string | null {
  try {
    const headers = (text.trim() === '' ? {} : JSON.parse(text)) as Record<string, unknown>
    const others = Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'))
    const all = { ...(authorization && { Authorization: authorization }), ...others }
    return Object.keys(all).length === 0 ? '' : JSON.stringify(all, null, 2)
  } catch { return null }
}

/** `?tab=UrgentRequests` opens that one. */
function useAskedTab(tabs: readonly ReadyTab[]): void {
  const { changeTab } = useGraphiQLActions()
  const isReady = useGraphiQL(state => state.queryEditor !== undefined && state.variableEditor !== undefined)
  const titles = useGraphiQL(state => state.tabs.map(tab => tab.title).join('\n'))
  const done = useRef(false)
  useEffect(() => {
    const wanted = tabs.find(tab => tab.name === asked.get('tab'))?.name
    if (done.current || !isReady || !wanted) return
    done.current = true
    const index = titles.split('\n').indexOf(wanted)
    if (index >= 0) changeTab(index)
  }, [changeTab, isReady, tabs, titles])
}

/** On opening a tab, on a change of identity and after each act: reference and version as they are now. */
function useFilledVariables(identity: DemoIdentity | undefined, onMet: Props['onMet']): void {
  const editor = useGraphiQL(state => state.variableEditor)
  const tab = useGraphiQL(state => state.tabs[state.activeTabIndex]?.id)
  const before = useRef<string | null>(null)
  const authorization = authorizationOf(identity)
  const fill = useCallback(async () => {
    if (!editor) return
    const text = editor.getValue()
    const now = await filled(text, before.current, authorization)
    if (!now || editor.getValue() !== text) return
    before.current = now.reference
    if (now.text !== text) editor.setValue(now.text)
  }, [editor, authorization])
  useEffect(() => { void fill() }, [fill, tab])
  useEffect(() => onMet(() => void fill()), [fill, onMet])
}
