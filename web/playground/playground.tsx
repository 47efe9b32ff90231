// GraphiQL with the bar above it. What is edited stays in this window's session: two windows play two sides.
import { DOC_EXPLORER_PLUGIN, DocExplorerStore } from '@graphiql/plugin-doc-explorer'
import { GraphiQLProvider } from '@graphiql/react'
import { GraphiQL, GraphiQLInterface } from 'graphiql'
import { useMemo, useRef } from 'react'
import { Bar } from './bar'
import { HouseFetcher } from './fetcher'
import { meet, type Met } from './last-request'
import { readyTabs } from './ready-tabs'

const KEPT_TABS = 'graphiql:tabState'

/** Only this window's. GraphiQL marks its own entries. */
const session = {
  getItem: (key: string) => sessionStorage.getItem(key), setItem: (key: string, value: string) => sessionStorage.setItem(key, value),
  removeItem: (key: string) => sessionStorage.removeItem(key), clear: () => sessionStorage.clear(), get length() { return sessionStorage.length },
}

const shown = (variables: Record<string, unknown>): string => JSON.stringify(variables, null, 2)

export function Playground() {
  const met = useRef<(request: Met) => void>(() => undefined)
  const fetcher = useMemo(() => new HouseFetcher(answer => {
    const request = meet(answer)
    if (request) met.current(request)
  }), [])
  const tabs = useMemo(readyTabs, [])
  const first = sessionStorage.getItem(KEPT_TABS) === null ? tabs[0] : undefined
  const initial = useRef(first && { initialQuery: first.query, initialVariables: shown(first.variables) })
  return (
    <GraphiQLProvider
      fetcher={fetcher.fetch} storage={session} defaultTabs={tabs.map(({ query, variables }) => ({ query, variables: shown(variables) }))} {...initial.current}
      referencePlugin={DOC_EXPLORER_PLUGIN} plugins={[DOC_EXPLORER_PLUGIN]} schemaDescription inputValueDeprecation
    >
      <DocExplorerStore>
        <Bar fetcher={fetcher} tabs={tabs} onMet={tell => { met.current = tell }} />
        <main className="stage">
          <GraphiQLInterface defaultEditorToolsVisibility="variables" forcedTheme="system" showPersistHeadersSettings={false}>
            <GraphiQL.Logo><span /></GraphiQL.Logo>
          </GraphiQLInterface>
        </main>
      </DocExplorerStore>
    </GraphiQLProvider>
  )
}

/** The tabs as they were made, with the dates of today. */
export function startAnew(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith('graphiql:')) sessionStorage.removeItem(key)
  location.reload()
}
