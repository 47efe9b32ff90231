// Contact points and partners: answered by each authority's own store, one slot for each that was asked.
import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Authorized, Ctx, FieldResolver, Info, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql'
import { ContactPoint, ContactPointAnswer, ContactPointPayload, PartnerChanged, PartnerStatus } from '../schema/authority'
import { ContactPointInput, RetireContactPointInput } from '../schema/contact-inputs'
import { ContactPointFilter } from '../schema/filters'
import { InstantScalar } from '../schema/scalars'
import type { ShiftInput } from '../schema/shift'
import { isTimeZone, type Shift } from '../src/domain/duty'
import type { Reachability } from '../src/domain/vocabulary'
import { ANSWERED, type Beat } from '../src/live/heartbeats'
import { Refusal } from '../src/refusal'
import { plain } from './acts'
import { demandListBound, demandListed } from './bounds'
import type { ContactPointRow, Context } from './context'
import { dutyNow, dutyOf, dutySlot, fits, isOnDuty, partnerStatus, sourceOf } from './duty'

@Resolver(() => ContactPoint)
export class ContactPointResolver {
  @Query(() => ContactPointAnswer, { description: 'Desks in force. An authority that cannot be asked is named in `sources`. PUBLIC sees no channels.' })
  async contactPoints(@Ctx() context: Context, @Arg('filter', () => ContactPointFilter, { nullable: true, description: 'All given parts must fit.' }) filter: ContactPointFilter | null): Promise<object> {
    demandListBound(filter?.jurisdictions, 'filter.jurisdictions')
    const feedCursor = await context.house.feedCursor(context)
    const asked = context.house.authorities().filter(profile => !filter?.jurisdictions || filter.jurisdictions.includes(profile.country))
    const slots = await dutyOf(context, asked.map(profile => profile.id))
    return { nodes: slots.flatMap(slot => slot.points ?? []).filter(point => fits(context, point, filter)), sources: slots.map(sourceOf), feedCursor }
  }

  @FieldResolver(() => Boolean)
  onDuty(@Root() point: ContactPointRow, @Ctx() context: Context): boolean { return isOnDuty(context, point) }

  @FieldResolver(() => InstantScalar, { nullable: true })
  dutyEndsAt(@Root() point: ContactPointRow, @Ctx() context: Context): string | null { return dutyNow(context, point).endsAt }

  @FieldResolver(() => InstantScalar, { nullable: true })
  dutyBeginsAt(@Root() point: ContactPointRow, @Ctx() context: Context): string | null { return dutyNow(context, point).nextAt }

  @Authorized('PUBLISH_CONTACT_POINT')
  @Mutation(() => ContactPointPayload, { description: 'Publishes a contact point of the own authority, or the new text of one; all authorities get it. Role: LIAISON. NOT_FOUND for an id that is no own contact point in force.' })
  publishContactPoint(@Ctx() context: Context, @Arg('input', () => ContactPointInput, { description: 'What to publish.' }) input: ContactPointInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    demandListed(context, 'LANGUAGE', input.languages, 'input.languages')
    const { id, ...rest } = plain<ContactPointInput>(input)
    const shifts = (rest.shifts ?? []).map((shift, i) => shiftOf(shift, `input.shifts[${i}]`))
    const said = { ...rest, shifts, level: rest.level ?? 'DUTY_DESK', rank: rest.rank ?? 0 }
    return context.house.contactAct(context, { mutation: 'publishContactPoint', id: id ?? null, said, reason: null }, info)
  }

  @Authorized('PUBLISH_CONTACT_POINT')
  @Mutation(() => ContactPointPayload, { description: 'Takes a contact point of the own authority out of force; all authorities get it. Role: LIAISON.' })
  retireContactPoint(@Ctx() context: Context, @Arg('input', () => RetireContactPointInput, { description: 'Which one, and why.' }) input: RetireContactPointInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return context.house.contactAct(context, { mutation: 'retireContactPoint', id: input.id, said: null, reason: input.reason ?? null }, info)
  }
}

/** A partner that is not there need not be asked who is on duty. */
async function partnerChanged(context: Context, { house, state, before, at }: Beat): Promise<object> {
  const isThere = state === ANSWERED
  const slot = isThere ? await dutySlot(context, house) : { authority: house, checkedAt: at, lastSeenAt: context.house.lastSeenAt(house), points: null, medianAcknowledgeMinutes: null }
  return { __typename: 'PartnerChanged', partner: partnerStatus(context, { ...slot, state: state as Reachability }), before, at }
}

function shiftOf(input: ShiftInput, path: string): Shift {
  if (!isTimeZone(input.timeZone)) throw new Refusal('BAD_USER_INPUT', 'There is no such time zone.', { path: `${path}.timeZone`, hint: 'Use an IANA name: Europe/Paris.' })
  const exceptions = (input.exceptions ?? []).map(({ on, from, to }, i) => {
    if ((from ?? null) === null !== ((to ?? null) === null)) throw new Refusal('BAD_USER_INPUT', 'A turn of duty has a begin and an end, or there is none.', { path: `${path}.exceptions[${i}]`, hint: 'Give `from` and `to`, or neither.' })
    return { on, from: from ?? null, to: to ?? null }
  })
  return { days: input.days, from: input.from, to: input.to, timeZone: input.timeZone, exceptions }
}

@Resolver(() => PartnerStatus)
export class PartnerResolver {
  @Query(() => [PartnerStatus], { description: 'Every other authority: whether it is reachable, who is on duty there now, how fast it acknowledges.' })
  async partners(@Ctx() context: Context): Promise<object[]> {
    const others = context.house.authorities().map(profile => profile.id).filter(id => id !== context.viewer.authority)
    return (await dutyOf(context, others)).map(slot => partnerStatus(context, slot))
  }

  @Authorized('SUBSCRIBE')
  @Subscription(() => PartnerChanged, {
    description: 'How each partner stands, then each change of its reachability. A partner that does not answer two times, 5 s apart, has become unreachable. Roles: those that read requests.',
    subscribe: ({ context }) => {
      const { viewer, house } = context as Context
      return house.partnerFeed(context as Context, { filter: viewer.authority ?? '', keys: null, isSnapshot: true, accepts: beat => beat.house !== viewer.authority, root: (reading, beat) => partnerChanged(reading, beat) })
    },
  })
  partnerChanged(@Root() event: object): object { return event }

  @FieldResolver(() => Int, { nullable: true })
  openRequests(@Root() { authority }: { authority: { id: string } }, @Ctx() context: Context): Promise<number | null> { return context.house.openRequests(context, authority.id) }
}
