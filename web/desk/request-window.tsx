// One request to read: what it is about and what has happened. Read anew whenever the board learns of a newer version.
import { Alert, Button, Drawer, Loader, Stack, Text, Timeline } from '@mantine/core'
import { useEffect, useState, type ReactNode } from 'react'
import { canAcknowledge, country, words, type Row } from './board'
import { ask } from './house'
import { ONE, type Details, type OneSeen } from './operations'
import { authorizationOf, type Session } from './session'

interface Props { reference: string; row: Row | undefined; session: Session; acknowledge(row: Row): void; close(): void }

export function RequestWindow({ reference, row, session, acknowledge, close }: Props) {
  const version = row?.version ?? 0
  const [seen, setSeen] = useState<OneSeen['request']>(null)
  const [trouble, setTrouble] = useState<string | null>(null)
  useEffect(() => {
    let over = false
    void (async () => {
      const answer = await ask<OneSeen>(await authorizationOf(session), ONE, { reference })
      if (over) return
      if ('data' in answer) {
        setSeen(answer.data.request)
        return setTrouble(answer.data.request ? null : 'There is no such request for this desk.')
      }
      setTrouble('noAnswer' in answer ? answer.noAnswer : answer.refused.message)
    })()
    return () => { over = true }
  }, [reference, session, version])
  return (
    <Drawer opened onClose={close} position="right" size="md" title={<Text fw={600} className="reference">{reference}</Text>}>
      {trouble && <Alert color="red" role="alert">{trouble}</Alert>}
      {!seen && !trouble && <Loader size="sm" />}
      {seen && (
        <Stack gap="md">
          <Text>{words(seen.urgency)}, {words(seen.status).toLowerCase()}: {words(seen.kind).toLowerCase()}, {country(seen.requesting.code)} to {country(seen.requested.code)}</Text>
          {row && canAcknowledge(row) && <Button color={row.urgency === 'EMERGENCY' ? 'red.9' : 'blue.8'} onClick={() => acknowledge(row)}>Acknowledge</Button>}
          <Part name="Legal basis">{seen.legalBases.map(each => [each.treatyCode, each.article && `art. ${each.article}`, each.reciprocity].filter(Boolean).join(' ')).join('; ')}</Part>
          <Dossier dossier={seen.dossier} />
          <Part name="What happened">
            <Timeline bulletSize={14} lineWidth={2} active={seen.timeline.nodes.length}>
              {seen.timeline.nodes.map((entry, i) => (
                <Timeline.Item key={i} title={<Text size="sm" fw={500}>{words(entry.act ?? entry.type)}</Text>}>
                  <Text size="xs" c="dimmed">{new Date(entry.at).toLocaleString('en-GB')}, {words(entry.by).toLowerCase()} side</Text>
                  {entry.note && <Text size="sm">{entry.note}</Text>}
                </Timeline.Item>
              ))}
            </Timeline>
          </Part>
        </Stack>
      )}
    </Drawer>
  )
}

function Dossier({ dossier }: { dossier: Details['dossier'] }) {
  if (!dossier) return <Text size="sm" c="dimmed">The content is not open to this role.</Text>
  return (
    <>
      <Part name="Danger">{dossier.emergencyStatement}</Part>
      <Part name="Why it is urgent">{dossier.urgencyGround}</Part>
      <Part name="Needed by">{dossier.neededBy && new Date(dossier.neededBy).toLocaleString('en-GB')}</Part>
      <Part name="Facts">{dossier.facts}</Part>
      <Part name="Purpose">{dossier.purpose}</Part>
      <Part name="Custodian">{dossier.custodian}</Part>
      <Part name="Identifiers">{dossier.identifiers.map(each => `${words(each.kind)}: ${each.value}`).join('\n')}</Part>
      <Part name="Persons">{dossier.persons.map(each => `${words(each.role)}: ${each.name}`).join('\n')}</Part>
      <Part name="Offences">{dossier.offences.map(each => `${each.name}: ${each.provision}`).join('\n')}</Part>
    </>
  )
}

function Part({ name, children }: { name: string; children: ReactNode }) {
  if (!children) return null
  return (
    <section>
      <Text size="xs" c="dimmed" fw={600} component="h2" m={0} mb={4}>{name}</Text>
      {typeof children === 'string' ? <Text size="sm" className="prose">{children}</Text> : children}
    </section>
  )
}
