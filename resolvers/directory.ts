// Jurisdictions and authorities: states from the register, profiles from the signed directory, the rest from each authority's own store.
import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql'
import { Authority, AuthorityAnswer, ContactPoint, Jurisdiction, PartnerStatus } from '../schema/authority'
import { RequestKindEnum } from '../schema/enums'
import { AuthorityFilter } from '../schema/filters'
import { CountryCodeScalar, LocalDateScalar } from '../schema/scalars'
import { Treaty } from '../schema/treaty'
import type { JurisdictionRow } from '../src/domain/law/register'
import type { RequestKind } from '../src/domain/vocabulary'
import { demandListBound, today } from './bounds'
import type { AuthorityProfile, ContactPointRow, Context } from './context'
import { dutyOf, dutySlot, partnerStatus, sourceOf } from './duty'
import { partyOn, treatyView } from './law-views'

interface Keyed { id: string }
const keyed = ({ id }: Keyed): Keyed => ({ id })

@Resolver(() => Jurisdiction)
export class JurisdictionResolver {
  @Query(() => [Jurisdiction], { description: 'States as the register has them; unknown codes are left out.' })
  jurisdictions(@Ctx() context: Context, @Arg('codes', () => [CountryCodeScalar], { nullable: true, description: 'At most 100; without it, all.' }) codes: string[] | null): JurisdictionRow[] {
    demandListBound(codes, 'codes')
    return context.house.register().jurisdictions.filter(row => !codes || codes.includes(row.code))
  }

  @Query(() => Jurisdiction, { nullable: true, description: 'One state; null where the register does not have it.' })
  jurisdiction(@Ctx() context: Context, @Arg('code', () => CountryCodeScalar, { description: 'ISO 3166-1 alpha-2.' }) code: string): JurisdictionRow | null {
    return context.house.register().jurisdictions.find(row => row.code === code) ?? null
  }

  @FieldResolver(() => [Authority])
  authorities(@Root() { code }: JurisdictionRow, @Ctx() context: Context): Keyed[] {
    return context.house.authorities().filter(profile => profile.country === code).map(keyed)
  }

  @FieldResolver(() => [Treaty], { description: 'Instruments to which the state is party on the day.' })
  treaties(@Root() { code }: JurisdictionRow, @Ctx() context: Context, @Arg('on', () => LocalDateScalar, { nullable: true, description: 'The day; without it, today.' }) on: string | null): object[] {
    const day = on ?? today(context)
    return context.house.register().instruments.filter(row => partyOn(row, code, day)).map(treatyView)
  }
}

@Resolver(() => Authority)
export class AuthorityResolver {
  @Query(() => AuthorityAnswer, { description: 'Central authorities. Profiles stand in the signed directory; contact points are answered by each authority\'s own store, which is asked where contact points, partner status or sources are selected.' })
  async authorities(@Ctx() context: Context, @Arg('filter', () => AuthorityFilter, { nullable: true, description: 'All given parts must fit.' }) filter: AuthorityFilter | null, @Info() info: GraphQLResolveInfo): Promise<object> {
    demandListBound(filter?.jurisdictions, 'filter.jurisdictions')
    const found = context.house.authorities().filter(profile =>
      (!filter?.jurisdictions || filter.jurisdictions.includes(profile.country)) && (!filter?.competence || profile.competences.includes(filter.competence)))
    const sources = asksStores(info) ? (await dutyOf(context, found.map(profile => profile.id))).map(sourceOf) : []
    return { nodes: found.map(keyed), sources }
  }

  @Query(() => Authority, { nullable: true, description: 'One authority; null where the directory does not have it.' })
  authority(@Ctx() context: Context, @Arg('id', () => ID, { description: 'Opaque id.' }) id: string): Keyed | null {
    return context.house.authority(id) && { id }
  }

  @FieldResolver(() => String)
  code(@Root() root: Keyed, @Ctx() context: Context): string { return profileOf(context, root).code }

  @FieldResolver(() => Jurisdiction)
  jurisdiction(@Root() root: Keyed, @Ctx() context: Context): JurisdictionRow | undefined {
    const { country } = profileOf(context, root)
    return context.house.register().jurisdictions.find(row => row.code === country)
  }

  @FieldResolver(() => String)
  name(@Root() root: Keyed, @Ctx() context: Context): string { return profileOf(context, root).name }

  @FieldResolver(() => [RequestKindEnum])
  competences(@Root() root: Keyed, @Ctx() context: Context): RequestKind[] { return profileOf(context, root).competences }

  @FieldResolver(() => [String])
  languages(@Root() root: Keyed, @Ctx() context: Context): string[] { return profileOf(context, root).languages }

  @FieldResolver(() => [ContactPoint], { nullable: true })
  async contactPoints(@Root() { id }: Keyed, @Ctx() context: Context): Promise<ContactPointRow[] | null> { return (await dutySlot(context, id)).points }

  @FieldResolver(() => PartnerStatus)
  async partnerStatus(@Root() { id }: Keyed, @Ctx() context: Context): Promise<object> { return partnerStatus(context, await dutySlot(context, id)) }
}

const NO_PROFILE: AuthorityProfile = { id: '', code: '', country: '', name: '', competences: [], languages: [] }

const profileOf = (context: Context, { id }: Keyed): AuthorityProfile => context.house.authority(id) ?? { ...NO_PROFILE, id, code: id }

/** Whether anything below has to be answered by stores; a fragment may hide it, so it counts as if it did. */
function asksStores(info: GraphQLResolveInfo): boolean {
  const text = JSON.stringify(info.fieldNodes.map(node => node.selectionSet))
  return /"value":"(contactPoints|partnerStatus|sources)"|"FragmentSpread"/.test(text)
}
