// The filter of a feed of status changes: what is no question about a change is refused.
import type { FeedFilter } from '../src/domain/feed'
import { Refusal } from '../src/refusal'
import type { RequestFilterInput } from './context'

export function feedFilter(input: RequestFilterInput | null, authoritiesOf: (countries: readonly string[]) => string[]): FeedFilter {
  for (const field of ['dueBefore', 'updatedAfter', 'overlays'] as const) {
    if (input?.[field]) throw new Refusal('BAD_USER_INPUT', 'Status changes cannot be filtered by this.', { path: `filter.${field}`, hint: 'Leave it out here; use it with the query requests.' })
  }
  const { partners, ...plain } = input ?? {}
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== null && value !== undefined)) as FeedFilter
  return { ...given, ...(partners && { partners: authoritiesOf(partners) }) }
}
