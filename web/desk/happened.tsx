// What the feed told since this page was opened, newest first.
import { Text } from '@mantine/core'
import type { Told } from './use-desk'

export function Happened({ told }: { told: readonly Told[] }) {
  if (told.length === 0) return null
  return (
    <section className="happened" aria-label="What happened">
      <Text size="sm" fw={600} component="h2" m={0}>Since this page was opened</Text>
      <ol>
        {told.slice(0, 12).map(each => <li key={each.key}><time dateTime={each.at}>{new Date(each.at).toLocaleTimeString('en-GB')}</time> <span>{each.text}</span></li>)}
      </ol>
    </section>
  )
}
