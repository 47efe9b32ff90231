// One request on the board: how urgent, how long it may still wait, whose turn it is, and the one act that stops the clock.
import { Badge, Button, Card, Group, Text } from '@mantine/core'
import { canAcknowledge, country, isEscalated, isOurs, span, words, type Row } from './board'
import { useNow } from './use-now'

interface Props { row: Row; authority: string; isChosen: boolean; choose(): void; read(): void; acknowledge(): void }

const LOUD: Record<string, string> = { OVERDUE: 'Overdue', DUE_SOON: 'Due soon', RAISED: 'Raised' }

export function RequestCard({ row, authority, isChosen, choose, read, acknowledge }: Props) {
  const isIncoming = row.requested.id === authority
  const partner = isIncoming ? row.requesting : row.requested
  const label = isEscalated(row) ? 'Escalated' : row.cause ? LOUD[row.cause] : undefined
  return (
    <Card withBorder padding="sm" role="listitem" className="card" id={`card ${row.reference}`} tabIndex={isChosen ? 0 : -1} data-chosen={isChosen || undefined} data-urgency={row.urgency}
      data-reference={row.reference} aria-current={isChosen} aria-label={`${words(row.urgency)}, ${row.reference}, ${isIncoming ? 'from' : 'to'} ${country(partner.code)}`} onFocus={choose} onClick={choose}>
      <div className="card-grid">
        <div className="card-what">
          <Group gap={6}>
            <Badge color={row.urgency === 'EMERGENCY' ? 'red.9' : 'orange.9'} variant="filled" tt="none">{words(row.urgency)}</Badge>
            <Badge color="gray" variant="light" tt="none">{words(row.status)}</Badge>
            {label && <Badge color="red" variant="light" tt="none">{label}</Badge>}
            {row.origin.stale && <Badge variant="default" tt="none">As last known here</Badge>}
          </Group>
          <Text fw={600} mt={6}>{words(row.kind)} {isIncoming ? 'from' : 'to'} {country(partner.code)}</Text>
          <Text size="sm" c="dimmed"><span className="reference">{row.reference}</span> · theirs {(isIncoming ? row.requestingReference : row.requestedReference) ?? 'none yet'}{(isIncoming ? row.requestedReference : row.requestingReference) ? ` · ours ${isIncoming ? row.requestedReference : row.requestingReference}` : ''}</Text>
          {row.reached && <Text size="sm" c="dimmed" className="reached">{row.cause ? words(row.cause) : 'Addressed'}{row.reached}</Text>}
        </div>
        <TimeLeft row={row} isOurs={isOurs(row, authority)} />
        <Group gap="xs" className="card-acts">
          <Button variant="default" size="sm" onClick={read} aria-label={`Read ${row.reference}`}>Read</Button>
          {canAcknowledge(row) && <Button size="sm" color={row.urgency === 'EMERGENCY' ? 'red.9' : 'blue.8'} onClick={acknowledge} aria-label={`Acknowledge ${row.reference}`}>Acknowledge</Button>}
        </Group>
      </div>
    </Card>
  )
}

function TimeLeft({ row, isOurs: ours }: { row: Row; isOurs: boolean }) {
  const now = useNow()
  if (!row.due) return <div className="left"><Text c="dimmed" size="sm">No clock runs</Text></div>
  const left = Date.parse(row.due.dueAt) - now
  const due = new Date(row.due.dueAt)
  return (
    <div className="left" data-late={left < 0 || undefined} data-soon={(left >= 0 && left < 30 * 60_000) || undefined}>
      <div className="left-time" role="timer">{left < 0 ? `${span(left)} late` : span(left)}</div>
      <Text size="xs" c="dimmed">{words(row.due.obligation)}: {ours ? 'our turn' : 'their turn'}, <time dateTime={row.due.dueAt}>by {due.toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })}</time></Text>
    </div>
  )
}
