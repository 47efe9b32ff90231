// Who sits here: a token pasted, or in a trial a demo identity. Asks the house who that is before the desk opens.
import { Alert, Anchor, Button, Card, Container, Divider, Group, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useCallback, useEffect, useState } from 'react'
import { keyOf, useIdentities } from '../access/identities'
import { DeskPage } from './desk-page'
import { ask } from './house'
import { VIEWER, type Party, type ViewerSeen } from './operations'
import { authorizationOf, keep, kept, type Session } from './session'

export interface Seat { session: Session; authority: Party; role: string; subject: string | null }

const SEATED: readonly string[] = ['OFFICIAL', 'VALIDATOR', 'LIAISON', 'SYSTEM']

async function seatOf(session: Session): Promise<Seat | { failed: string; isHouseAway: boolean }> {
  const authorization = await authorizationOf(session)
  if (!authorization) return { failed: 'This identity is not offered here.', isHouseAway: false }
  const answer = await ask<ViewerSeen>(authorization, VIEWER)
  if ('noAnswer' in answer) return { failed: answer.noAnswer, isHouseAway: true }
  if ('refused' in answer) return { failed: [answer.refused.message, answer.refused.hint].filter(Boolean).join(' '), isHouseAway: answer.refused.code !== 'UNAUTHENTICATED' }
  const { role, subject, authority } = answer.data.viewer
  if (!authority || !SEATED.includes(role)) return { failed: 'The desk is for officials and liaison officers of an authority.', isHouseAway: false }
  return { session, authority, role, subject }
}

export function Entrance() {
  const [seat, setSeat] = useState<Seat | null>(null)
  const [failed, setFailed] = useState<string | null>(null)
  const [isAsking, setAsking] = useState(() => kept() !== null)

  const enter = useCallback(async (session: Session) => {
    setAsking(true)
    const answer = await seatOf(session)
    setAsking(false)
    if ('failed' in answer) {
      setFailed(answer.failed)
      if (!answer.isHouseAway) keep(null)
      return
    }
    keep(session)
    setFailed(null)
    setSeat(answer)
  }, [])
  useEffect(() => {
    const session = kept()
    if (session) void enter(session)
  }, [enter])
  const leave = useCallback((why: string | null) => {
    keep(null)
    setSeat(null)
    setFailed(why)
  }, [])

  if (seat) return <DeskPage seat={seat} leave={leave} />
  return <SignIn enter={session => void enter(session)} isAsking={isAsking} failed={failed} />
}

function SignIn({ enter, isAsking, failed }: { enter(session: Session): void; isAsking: boolean; failed: string | null }) {
  const { list } = useIdentities()
  const [token, setToken] = useState('')
  const seats = list.filter(each => SEATED.includes(each.role))
  const trimmed = token.trim().replace(/^Bearer\s+/i, '')
  return (
    <Container size="xs" py={{ base: 'lg', sm: 64 }} component="main">
      <Card withBorder padding="lg">
        <Stack>
          <div>
            <Title order={1} size="h3">Desk</Title>
            <Text c="dimmed" size="sm">Urgent requests for mutual legal assistance, as they come in.</Text>
          </div>
          {failed && <Alert color="red" role="alert" title="Not let in">{failed}</Alert>}
          {seats.length > 0 && (
            <Stack gap="xs">
              <Text fw={600} size="sm">Sit down as</Text>
              {seats.map(each => <Button key={keyOf(each)} variant="default" justify="start" loading={isAsking} onClick={() => enter({ demo: keyOf(each) })}>{each.label}</Button>)}
              <Divider label="or" my={4} />
            </Stack>
          )}
          <form onSubmit={event => {
            event.preventDefault()
            if (trimmed) enter({ token: trimmed })
          }}>
            <Stack gap="sm">
              <PasswordInput label="Token" description="Kept in this window only, until you close it." placeholder="eyJ…" value={token} onChange={event => setToken(event.currentTarget.value)} autoComplete="off" spellCheck={false} />
              <Group justify="space-between">
                <Text size="xs" c="dimmed">From <code>comity token FR LIAISON</code></Text>
                <Button type="submit" disabled={!trimmed} loading={isAsking}>Open the desk</Button>
              </Group>
            </Stack>
          </form>
        </Stack>
      </Card>
      <Text size="xs" c="dimmed" mt="sm" ta="center"><Anchor href="/playground" size="xs">Playground</Anchor></Text>
    </Container>
  )
}
