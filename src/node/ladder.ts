// Whom a notice of an urgent request is addressed to: by the duty roster that the late authority publishes and the rungs that the register has.
import { addresseeAt, type Addressee, type RosteredDesk } from '../domain/duty'
import type { AuthorityId, Deadline, RequestState } from '../domain/request'
import type { TimelineEventType } from '../domain/vocabulary'
import type { NodeLaw } from './acts'
import type { ContactSaid } from './contact-points'
import { isUrgent } from './fold'
import type { Work } from './work'

/** Undefined for what is not urgent and has not climbed: nobody is called out of bed for that. */
export function addressee(work: Work, law: NodeLaw, state: RequestState, type: TimelineEventType, deadline: Pick<Deadline, 'obligation' | 'of'> | null): Addressee | undefined {
  if (!isUrgent(state.urgency) && type !== 'ESCALATED') return undefined
  const [late, partner] = deadline?.of === 'REQUESTING' ? [state.requesting, state.requested] : [state.requested, state.requesting]
  if (type !== 'ESCALATED' || !deadline) return at(work, law, 'DUTY_DESK', late, [])
  const before = state.escalatedTo.filter(each => each.obligation === deadline.obligation)
  const rungs = law.ladder().map(({ level, of }) => ({ level, authority: of === 'LATE' ? late : partner }))
  const last = before.at(-1)
  const next = last ? rungs.findIndex(rung => rung.level === last.level && rung.authority === last.authority) + 1 : 0
  const left = rungs.slice(Math.min(next, rungs.length - 1)).map(rung => at(work, law, rung.level, rung.authority, [...warned(work, law, late), ...before]))
  // A rung without a desk reaches nobody: the next one that has some does.
  return left.find(each => each.contact !== null) ?? left[0]
}

/** Who heard of the end itself. */
const warned = (work: Work, law: NodeLaw, late: AuthorityId): Addressee[] => [at(work, law, 'DUTY_DESK', late, [])]

function at(work: Work, law: NodeLaw, level: Addressee['level'], authority: AuthorityId, before: readonly Addressee[]): Addressee {
  return addresseeAt(level, authority, desksOf(work, authority), before, work.now, law.timeZoneOf(authority))
}

function desksOf(work: Work, authority: AuthorityId): RosteredDesk[] {
  return work.contacts().filter(({ contact }) => contact.authority === authority && !contact.retired).flatMap(({ contact }) => {
    const said = work.content<ContactSaid>(contact.contents.said)
    return said ? [{ ...said, id: contact.id, authority }] : []
  })
}
