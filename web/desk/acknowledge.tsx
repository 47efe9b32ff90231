// Acknowledging: who handles it and under which number. The key is made once, so sending again after silence is harmless.
import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import { country, words, type Row } from './board'
import { ask } from './house'
import { freshKey } from './keys'
import { ACKNOWLEDGE, ONE, type Acknowledged, type OneSeen, type RequestSeen } from './operations'
import { authorizationOf, type Session } from './session'

const KEPT_UNIT = 'comity.desk.handler'
const NAME_AT_MOST = 200

export function Acknowledge({ row, session, place, close }: { row: Row; session: Session; place(request: RequestSeen): void; close(): void }) {
  const key = useRef(freshKey())
  const [version, setVersion] = useState(row.version)
  const [unit, setUnit] = useState(() => localStorage.getItem(KEPT_UNIT) ?? '')
  const [reference, setReference] = useState('')
  const [trouble, setTrouble] = useState<string | null>(null)
  const [isSending, setSending] = useState(false)

  const send = async (): Promise<void> => {
    setSending(true)
    setTrouble(null)
    localStorage.setItem(KEPT_UNIT, unit.trim())
    const input = { reference: row.reference, expectedVersion: version, idempotencyKey: key.current, handler: unit.trim(), ownReference: reference.trim() }
    const answer = await ask<Acknowledged>(await authorizationOf(session), ACKNOWLEDGE, { input })
    setSending(false)
    if ('data' in answer) {
      place(answer.data.acknowledgeRequest.request)
      return close()
    }
    if ('noAnswer' in answer) return setTrouble(`${answer.noAnswer} It may have been done all the same; sending again is harmless.`)
    setTrouble([answer.refused.message, answer.refused.hint].filter(Boolean).join(' '))
    const now = await ask<OneSeen>(await authorizationOf(session), ONE, { reference: row.reference })
    if (!('data' in now) || !now.data.request) return
    place(now.data.request)
    if (answer.refused.code !== 'VERSION_CONFLICT') return
    key.current = freshKey()
    setVersion(now.data.request.version)
    setTrouble(`The request has moved on meanwhile: it is ${words(now.data.request.status).toLowerCase()} now. Look at it, then send again if it still fits.`)
  }

  return (
    <Modal opened onClose={close} title={`Acknowledge ${row.reference}`} centered>
      <form onSubmit={event => {
        event.preventDefault()
        void send()
      }}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">{words(row.urgency)} request of {country(row.requesting.code)}: {words(row.kind).toLowerCase()}. They see this at once.</Text>
          <TextInput label="Handled by" description="A unit or function, no personal name" required maxLength={NAME_AT_MOST} value={unit} onChange={event => setUnit(event.currentTarget.value)} data-autofocus={unit ? undefined : true} />
          <TextInput label="Our case number" required maxLength={NAME_AT_MOST} value={reference} onChange={event => setReference(event.currentTarget.value)} data-autofocus={unit ? true : undefined} />
          {trouble && <Alert color="red" role="alert">{trouble}</Alert>}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>Cancel</Button>
            <Button type="submit" loading={isSending} disabled={!unit.trim() || !reference.trim()}>Acknowledge</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
