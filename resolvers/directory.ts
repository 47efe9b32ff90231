// Jurisdictions, authorities, contact points and partners: profiles from the signed directory, contact points from each authority's own store.
import { Arg, Authorized, Ctx, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { GraphQLResolveInfo } from 'graphql'
import { Authority, AuthorityAnswer, Jurisdiction } from '../schema/authority'
import { ContactPoint, ContactPointAnswer, ContactPointInput, ContactPointPayload, PartnerStatus, RetireContactPointInput } from '../schema/contact-point'
import { AuthorityFilter, ContactPointFilter } from '../schema/filters'
import { CountryCodeScalar, LocalDateScalar } from '../schema/scalars'
import { Treaty } from '../schema/treaty'
import { dualCriminalityRules, type JurisdictionView } from './law-views'
import { partiesOn } from '../src/domain/law/legal-bases'
import type { InstrumentRow } from '../src/domain/law/register'
import { demandListBound } from './bounds'
import { once, type AuthorityProfile, type ContactPointRow, type Context, type DutySlot } from './context'
import { fits, isOnDuty } from './feeds'
import { plain } from './acts'

const keyed = ({ id }: { id: string }): { id: string } => ({ id })

const dutyOf = (context: Context, authorities: readonly string[]): Promise<DutySlot[]> =>
  Promise.all(authorities.map(authority => once(context, `duty ${authority}`, async () => (await context.house.duty(context, [authority]))[0] as DutySlot)))

const sourceOf = ({ authority, state, tookMs, asOf }: DutySlot) => ({ authority, state, tookMs, asOf })

@Resolver(() => Jurisdiction)
export class JurisdictionResolver {
  @Query(() => [Jurisdiction], { description: 'States as the register has them; unknown codes are left out.' })
  jurisdictions(@Ctx() context: Context, @Arg('codes', () => [CountryCodeScalar], { nullable: true, description: 'At most 100; without it, all.' }) codes: string[] | null): JurisdictionView[] {
    demandListBound(codes, 'codes')
    return context.house.register().jurisdictions.filter(row => !codes || codes.includes(row.code))
  }

  @Query(() => Jurisdiction, { nullable: true, description: 'One state; null where the register does not have it.' })
  jurisdiction(@Ctx() context: Context, @Arg('code', () => CountryCodeScalar, { description: 'ISO 3166-1 alpha-2.' }) code: string): JurisdictionView | null {
    return context.house.register().jurisdictions.find(row => row.code === code) ?? null
  }

  @FieldResolver(() => [Authority], { description: 'Central authorities of the state in the signed directory; empty for a state without one.' })
  authorities(@Root() { code }: JurisdictionView, @Ctx() context: Context): { id: string }[] {
    return context.house.authorities().filter(profile => profile.country === code).map(keyed)
  }

  @FieldResolver(() => [Treaty], { description: 'Instruments to which the state is party on the day.' })
  treaties(@Root() { code }: JurisdictionView, @Ctx() context: Context, @Arg('on', () => LocalDateScalar, { nullable: true, description: 'The day; without it, today.' }) on: string | null): InstrumentRow[] {
    const day = on ?? context.house.now().toISOString().slice(0, 10)
    return context.house.register().instruments.filter(row => partiesOn(row, day).some(party => party.state === code))
  }

  @FieldResolver(() => [String], { description: 'Languages in which requests are accepted, ISO 639-1; an instrument may accept others.' })
  acceptedLanguages(@Root() jurisdiction: JurisdictionView): string[] { return jurisdiction.acceptedLanguages }

  @FieldResolver(() => [dualCriminalityRules], { description: 'When the state tests double criminality, where no treaty says otherwise.' })
  dualCriminality(@Root() jurisdiction: JurisdictionView): object[] { return jurisdiction.dualCriminality }
}

@Resolver(() => Authority)
export class AuthorityResolver {
  @Query(() => AuthorityAnswer, { description: 'Central authorities. Profiles stand in the signed directory; contact points are answered by each authority\'s own store, which is asked only where they are selected.' })
  async authorities(@Ctx() context: Context, @Arg('filter', () => AuthorityFilter, { nullable: true, description: 'All given parts must fit.' }) filter: AuthorityFilter | null, @Info() info: GraphQLResolveInfo): Promise<object> {
    const found = context.house.authorities().filter(profile =>
      (!filter?.jurisdictions || filter.jurisdictions.includes(profile.country)) && (!filter?.competence || profile.competences.includes(filter.competence)))
    const asks = info.fieldNodes.some(node => JSON.stringify(node.selectionSet ?? {}).match(/"(contactPoints|partnerStatus|sources|FragmentSpread)"/))
    const sources = asks ? (await dutyOf(context, found.map(profile => profile.id))).map(sourceOf) : []
    return { nodes: found.map(keyed), sources }
  }

  @Query(() => Authority, { nullable: true, description: 'One authority; null where the directory does not have it.' })
  authority(@Ctx() context: Context, @Arg('id', () => ID, { description: 'Opaque id.' }) id: string): { id: string } | null {
    return context.house.authority(id) && { id }
  }

  @FieldResolver(() => String, { description: 'Short code of the authority.' })
  code(@Root() root: { id: string }, @Ctx() context: Context): string { return profileOf(context, root).code }
}

const profileOf = (context: Context, { id }: { id: string }): AuthorityProfile =>
  context.house.authority(id) ?? { id, code: id, country: '', name: '', competences: [], languages: [] }

export { dutyOf, profileOf, sourceOf, fits, isOnDuty, plain, Authorized, Mutation, ContactPoint, ContactPointAnswer, ContactPointFilter, ContactPointInput, ContactPointPayload, PartnerStatus, RetireContactPointInput }
export type { ContactPointRow }
