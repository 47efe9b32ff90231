// Between shifts: what the last one left, to be taken over, and what this one leaves. A key is made once, so sending again after silence is harmless.
import { Alert, Button, Group, Modal, Select, Stack, Text, Textarea } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { Seat } from './entrance'
import { ask } from './house'
import { freshKey } from './keys'
import { LEAVE_SHIFT, OWN_DESKS, TAKE_SHIFT, type HandOverSeen, type OwnDesks } from './operations'
import { authorizationOf } from './session'
import type { Desk } from './use-desk'

const NOTE_AT_MOST = 20_000
const PROMISES_AT_MOST = 100
const HAND_OVER_ROLES: readonly string[] = ['LIAISON', 'OFFICIAL']

export const handsOver = ({ role }: Seat): boolean => HAND_OVER_ROLES.includes(role)

/** What waits to be taken over, newest first. */
export function LeftBehind({ desk, seat }: { desk: Desk; seat: Seat }) {
  return (
    <Stack gap="xs" mt="xs" component="section" aria-label="Hand-overs">
      {desk.handOvers.map(each => <Left key={each.id} left={each} seat={seat} placeHandOver={desk.placeHandOver} />)}
    </Stack>
  )
}

function Left({ left, seat, placeHandOver }: { left: HandOverSeen; seat: Seat; placeHandOver: Desk['placeHandOver'] }) {
  const [trouble, setTrouble] = useState<string | null>(null)
  const [isSending, setSending] = useState(false)
  const take = async (): Promise<void> => {
    setSending(true)
    const answer = await ask<{ acknowledgeHandOver: { handOver: HandOverSeen } }>(await authorizationOf(seat.session), TAKE_SHIFT, { input: { id: left.id } })
    setSending(false)
    if ('data' in answer) return placeHandOver(answer.data.acknowledgeHandOver.handOver)
    setTrouble('noAnswer' in answer ? answer.noAnswer : answer.refused.message)
  }
  return (
    <Alert color="blue" p="sm" role="region" title={`Left by ${left.leftBy}${left.contactPoint ? `, ${left.contactPoint.function}` : ''}, ${new Date(left.at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`}>
      <Stack gap={6}>
        {left.note && <Text size="sm" className="prose">{left.note}</Text>}
        {left.openItems.length > 0 && <Text size="sm">To look after: {left.openItems.map(item => (item.note ? `${item.reference} (${item.note})` : item.reference)).join(', ')}</Text>}
        {left.promisedActions.length > 0 && <ul className="promises" aria-label="Promised">{left.promisedActions.map((promise, i) => <li key={i}>{promise.action}</li>)}</ul>}
        {trouble && <Text size="sm" c="red" role="alert">{trouble}</Text>}
        {handsOver(seat) && left.leftBy !== seat.subject && <Group><Button size="xs" color="blue.8" loading={isSending} onClick={() => void take()}>Take over</Button></Group>}
        {left.leftBy === seat.subject && <Text size="xs" c="dimmed">Waits for the next shift to take it over.</Text>}
      </Stack>
    </Alert>
  )
}

export function HandOverWindow({ seat, placeHandOver, close }: { seat: Seat; placeHandOver: Desk['placeHandOver']; close(): void }) {
  const key = useRef(freshKey())
  const [desks, setDesks] = useState<{ value: string; label: string }[] | null>(null)
  const [contactPoint, setContactPoint] = useState<string | null>(null)
  const [note, setNote] = useState('')
  const [promised, setPromised] = useState('')
  const [trouble, setTrouble] = useState<string | null>(null)
  const [isSending, setSending] = useState(false)
  useEffect(() => {
    let over = false
    void (async () => {
      const answer = await ask<OwnDesks>(await authorizationOf(seat.session), OWN_DESKS, { id: seat.authority.id })
      if (over) return
      const own = 'data' in answer ? (answer.data.authority?.contactPoints ?? []) : []
      setDesks(own.map(each => ({ value: each.id, label: each.function })))
      setContactPoint((own.find(each => each.onDuty) ?? own[0])?.id ?? null)
    })()
    return () => { over = true }
  }, [seat])

  const send = async (): Promise<void> => {
    setSending(true)
    setTrouble(null)
    const promisedActions = promised.split('\n').map(line => line.trim()).filter(Boolean).slice(0, PROMISES_AT_MOST).map(action => ({ action }))
    const answer = await ask<{ handOverShift: { handOver: HandOverSeen } }>(await authorizationOf(seat.session), LEAVE_SHIFT, { input: { contactPoint, note: note.trim(), promisedActions, idempotencyKey: key.current } })
    setSending(false)
    if ('data' in answer) {
      placeHandOver(answer.data.handOverShift.handOver)
      return close()
    }
    setTrouble('noAnswer' in answer ? `${answer.noAnswer} It may have been done all the same; sending again is harmless.` : [answer.refused.message, answer.refused.hint].filter(Boolean).join(' '))
  }

  return (
    <Modal opened onClose={close} title="Hand the shift over" centered>
      <form onSubmit={event => {
        event.preventDefault()
        void send()
      }}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">Every open urgent request goes on the list by itself.</Text>
          {desks?.length === 0 && <Alert color="yellow" role="status">This authority publishes no contact point yet; the liaison desk publishes one with publishContactPoint.</Alert>}
          <Select label="Desk" required data={desks ?? []} value={contactPoint} onChange={setContactPoint} allowDeselect={false} disabled={!desks?.length} />
          <Textarea label="Note" autosize minRows={3} maxRows={10} maxLength={NOTE_AT_MOST} value={note} onChange={event => setNote(event.currentTarget.value)} data-autofocus />
          <Textarea label="Promised" description="One action a line" autosize minRows={2} maxRows={8} value={promised} onChange={event => setPromised(event.currentTarget.value)} />
          {trouble && <Alert color="red" role="alert">{trouble}</Alert>}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>Cancel</Button>
            <Button type="submit" loading={isSending} disabled={!contactPoint || (!note.trim() && !promised.trim())}>Hand over</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
