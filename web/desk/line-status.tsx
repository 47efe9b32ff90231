// How the line is, in words that are true now: when something was heard last, what is being caught up, when it is tried again.
import { Button, Group, Text } from '@mantine/core'
import { ago } from './board'
import type { Desk } from './use-desk'
import { useNow } from './use-now'

const SILENT_MS = 16_000

export function LineStatus({ desk }: { desk: Desk }) {
  useNow()
  const { tone, text } = saidOf(desk)
  return (
    <Group gap="xs" mt="xs" className="line" data-tone={tone} data-phase={desk.line.phase} wrap="nowrap">
      <span className="line-dot" aria-hidden="true" />
      <Text size="sm" className="line-text">{text}</Text>
      {desk.line.phase === 'lost' && <Button size="compact-sm" variant="default" onClick={desk.retry}>Try now</Button>}
    </Group>
  )
}

function saidOf({ line, heardAt, lastEventAt }: Desk): { tone: 'good' | 'busy' | 'bad'; text: string } {
  const now = Date.now()
  const event = lastEventAt === null ? 'no event since the board was read' : `last event ${ago(now - lastEventAt)} ago`
  if (line.phase === 'connecting') return { tone: 'busy', text: 'Connecting …' }
  if (line.phase === 'catching-up') return { tone: 'busy', text: line.events > 0 ? `Catching up, ${line.events} so far …` : 'Catching up …' }
  if (line.phase === 'lost') return { tone: 'bad', text: `${line.why}, ${line.retryAt > now ? `retrying in ${Math.ceil((line.retryAt - now) / 1_000)} s` : 'retrying'}. Nothing will be missed: the feed goes on where it was cut.` }
  if (line.phase === 'ended') return { tone: 'bad', text: line.why }
  const silent = now - heardAt
  if (silent > SILENT_MS) return { tone: 'bad', text: `Nothing heard for ${ago(silent)}; ${event}` }
  return { tone: 'good', text: `Live: ${event}, line checked ${ago(silent)} ago` }
}
