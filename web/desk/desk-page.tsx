// The desk itself: head with the line's state, the board, what happened, and the two windows for one request.
import { Alert, Badge, Button, Container, Group, Loader, Stack, Text, Title, VisuallyHidden } from '@mantine/core'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Acknowledge } from './acknowledge'
import { canAcknowledge, country, ordered, words, type Row } from './board'
import { Consents } from './consents'
import type { Seat } from './entrance'
import { HandOverWindow, LeftBehind, handsOver } from './hand-over'
import { Happened } from './happened'
import { houseAhead } from './house'
import { LineStatus } from './line-status'
import { RequestCard } from './request-card'
import { RequestWindow } from './request-window'
import { useDesk, type Desk } from './use-desk'
import { useKeys } from './use-keys'
import { useNow } from './use-now'

const CLOCK_OFF_MS = 5_000

export function DeskPage({ seat, leave }: { seat: Seat; leave(why: string | null): void }) {
  const desk = useDesk(seat.session, leave)
  const rows = useMemo(() => (desk.board ? ordered(desk.board) : []), [desk.board])
  const [chosen, setChosen] = useState<string | null>(null)
  const [reading, setReading] = useState<string | null>(null)
  const [taking, setTaking] = useState<Row | null>(null)
  const [isHandingOver, setHandingOver] = useState(false)
  const selected = rows.find(row => row.reference === chosen) ?? rows[0]
  const waiting = rows.filter(canAcknowledge)
  useKeys({ rows, selected, choose: setChosen, read: row => setReading(row.reference), acknowledge: setTaking, isBusy: reading !== null || taking !== null || isHandingOver })
  useTitle(waiting.length, seat)

  return (
    <Container size="lg" py="md" px={{ base: 'sm', sm: 'md' }}>
      <header>
        <Group justify="space-between" align="flex-start" gap="sm">
          <div className="desk-who">
            <Title order={1} size="h3">{country(seat.authority.code)} <Text span c="dimmed" size="lg" fw={400}>desk</Text></Title>
            <Text size="sm" c="dimmed">{seat.authority.name} · {words(seat.role)}{seat.subject ? `, ${seat.subject}` : ''}</Text>
          </div>
          <Group gap={6}>
            <Consents />
            {handsOver(seat) && <Button variant="default" size="xs" onClick={() => setHandingOver(true)}>Hand over</Button>}
            <Button variant="subtle" color="gray" size="xs" onClick={() => leave(null)}>Leave</Button>
          </Group>
        </Group>
        <LineStatus desk={desk} />
      </header>
      <Warnings desk={desk} />
      <LeftBehind desk={desk} seat={seat} />
      <main>
        <Counts rows={rows} waiting={waiting.length} isRead={desk.board !== null} />
        <Stack gap="sm" role="list" aria-label="Urgent requests" className="board">
          {rows.map(row => (
            <RequestCard key={row.reference} row={row} authority={seat.authority.id} isChosen={row === selected}
              choose={() => setChosen(row.reference)} read={() => setReading(row.reference)} acknowledge={() => setTaking(row)} />
          ))}
        </Stack>
        <Happened told={desk.told} />
      </main>
      {taking && <Acknowledge key={taking.reference} row={taking} session={seat.session} place={desk.place} close={() => setTaking(null)} />}
      {reading && <RequestWindow reference={reading} row={desk.board?.get(reading)} session={seat.session} acknowledge={setTaking} close={() => setReading(null)} />}
      {isHandingOver && <HandOverWindow seat={seat} placeHandOver={desk.placeHandOver} close={() => setHandingOver(false)} />}
      <Announced desk={desk} />
    </Container>
  )
}

function Warnings({ desk }: { desk: Desk }) {
  const off = houseAhead()
  return (
    <Stack gap="xs" mt="xs">
      {desk.trouble && <Alert color="red" role="alert" title="The board cannot be read">{desk.trouble} Trying again every 5 s.</Alert>}
      {desk.missed && (
        <Alert color="red" role="alert" title="Something was missed">
          <Text size="sm" mb="xs">{desk.missed}</Text>
          <Button size="xs" variant="default" onClick={desk.seenMissed}>I have seen it</Button>
        </Alert>
      )}
      {desk.absent.length > 0 && <Alert color="yellow" p="xs" role="status">Not every authority answered. {desk.absent.map(id => country(id.replace('authority:', ''))).join(', ')}: what they decide is shown as it was last known here.</Alert>}
      {desk.gone.length > 0 && <Alert color="yellow" p="xs" role="status">{desk.gone.map(({ code }) => country(code)).join(', ')} cannot be reached now. What is sent there waits and is delivered as soon as it can be.</Alert>}
      {Math.abs(off) > CLOCK_OFF_MS && <Alert color="yellow" p="xs" role="status">The clock of this machine is {Math.round(Math.abs(off) / 1_000)} s {off > 0 ? 'behind' : 'ahead'}. Times are counted by the clock of the house.</Alert>}
    </Stack>
  )
}

function Counts({ rows, waiting, isRead }: { rows: readonly Row[]; waiting: number; isRead: boolean }) {
  const now = useNow()
  const overdue = rows.filter(row => row.due && Date.parse(row.due.dueAt) < now).length
  if (!isRead) return <Group my="xl" justify="center"><Loader size="sm" /><Text c="dimmed">Reading the board …</Text></Group>
  if (rows.length === 0) return <Text my={48} ta="center" c="dimmed">Nothing urgent is open. What comes in appears here and rings.</Text>
  return (
    <Group my="sm" gap="xs" justify="space-between">
      <Group gap="xs">
        <Badge color={waiting > 0 ? 'red.9' : 'gray'} variant={waiting > 0 ? 'filled' : 'light'} size="lg" tt="none">{waiting} to acknowledge</Badge>
        <Badge color={overdue > 0 ? 'red' : 'gray'} variant="light" size="lg" tt="none">{overdue} overdue</Badge>
        <Badge color="gray" variant="light" size="lg" tt="none">{rows.length} open</Badge>
      </Group>
      <Text size="xs" c="dimmed" className="keys"><kbd>j</kbd> <kbd>k</kbd> move · <kbd>Enter</kbd> read · <kbd>a</kbd> acknowledge</Text>
    </Group>
  )
}

/** What a screen reader says by itself: news at once, the state of the line when it changes. */
function Announced({ desk }: { desk: Desk }) {
  const news = desk.told[0]
  const { phase } = desk.line
  return (
    <>
      <VisuallyHidden role="alert" aria-live="assertive">{news?.isLoud ? news.text : ''}</VisuallyHidden>
      <VisuallyHidden role="status" aria-live="polite">{phase === 'lost' ? 'The line is lost.' : phase === 'live' ? 'The line is live.' : ''}</VisuallyHidden>
    </>
  )
}

function useTitle(waiting: number, { authority }: Seat): void {
  const before = useRef(document.title)
  useEffect(() => { document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${country(authority.code)} desk · Comity` }, [waiting, authority])
  useEffect(() => {
    const title = before.current
    return () => { document.title = title }
  }, [])
}
