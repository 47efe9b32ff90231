// What each authority's own store says of its desks, asked once for all fields of an operation.
import { dutyOf as rosterDuty, type Addressee, type Duty } from '../src/domain/duty'
import { fault } from '../src/refusal'
import { once, type ContactPointRow, type Context, type DutySlot } from './context'

export const dutySlot = (context: Context, authority: string): Promise<DutySlot> =>
  once(context, `duty ${authority}`, async () => (await context.house.duty(context, [authority]))[0] ?? fault('no slot for an authority that was asked'))

export const dutyOf = (context: Context, authorities: readonly string[]): Promise<DutySlot[]> => Promise.all(authorities.map(authority => dutySlot(context, authority)))

export const sourceOf = ({ authority, state, tookMs, asOf, reason }: DutySlot) => ({ authority, state, tookMs, asOf, reason })

/** `openRequests` is read where it is selected. */
export function partnerStatus(context: Context, slot: Omit<DutySlot, 'tookMs' | 'asOf' | 'reason'>) {
  return {
    authority: { id: slot.authority }, reachability: slot.state, checkedAt: slot.checkedAt, lastSeenAt: slot.lastSeenAt, medianAcknowledgeMinutes: slot.medianAcknowledgeMinutes,
    onDutyNow: slot.points?.filter(point => isOnDuty(context, point)).sort((one, other) => one.rank - other.rank) ?? null,
  }
}

/** The roster of a desk at this moment, by the house's clock. */
export function dutyNow(context: Context, point: ContactPointRow): Duty {
  const country = context.house.authority(point.authority.id)?.country
  const timeZone = context.house.register().jurisdictions.find(row => row.code === country)?.capitalTimeZone ?? 'UTC'
  return rosterDuty(point, context.house.now().toISOString(), timeZone)
}

export const isOnDuty = (context: Context, point: ContactPointRow): boolean => dutyNow(context, point).isOn

export const addresseeView = (addressee: Addressee | null | undefined): object | null =>
  (addressee ? { level: addressee.level, authority: { id: addressee.authority }, contact: addressee.contact } : null)

export interface ContactFilterInput { jurisdictions?: string[] | null; competence?: string | null; onDuty?: boolean | null; roundTheClock?: boolean | null }

export function fits(context: Context, point: ContactPointRow, filter: ContactFilterInput | null): boolean {
  const country = context.house.authority(point.authority.id)?.country ?? ''
  const isGiven = (value: boolean | null | undefined): value is boolean => value !== null && value !== undefined
  return (!filter?.jurisdictions || filter.jurisdictions.includes(country)) && (!filter?.competence || (point.competences as string[]).includes(filter.competence))
    && (!isGiven(filter?.onDuty) || isOnDuty(context, point) === filter.onDuty) && (!isGiven(filter?.roundTheClock) || point.roundTheClock === filter.roundTheClock)
}
