// The law as data: treaties, legal bases, templates and codes, from the house's own copy of the register.
import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import { CodeListEnum, DayCountingEnum, MatterEnum, MeasureCodeEnum, RequestKindEnum } from '../schema/enums'
import { OffenceContext, TreatyFilter } from '../schema/filters'
import { LegalBasisAnswer, RequestTemplate, TimeLimit } from '../schema/legal-basis'
import { CountryCodeScalar, CursorScalar, LocalDateScalar } from '../schema/scalars'
import { Code, Treaty, TreatyConnection, TreatyParty } from '../schema/treaty'
import { codesOf } from '../src/domain/law/codes'
import { knownLegalBases } from '../src/domain/law/known-bases'
import { partiesOn } from '../src/domain/law/legal-bases'
import { isInForce } from '../src/domain/law/parties'
import type { CodeRow, InstrumentRow, TimeLimitRow } from '../src/domain/law/register'
import { requestTemplate } from '../src/domain/law/template'
import type { CodeList, DayCounting, Matter, MeasureCode, RequestKind } from '../src/domain/vocabulary'
import { Refusal } from '../src/refusal'
import { demandListBound, demandListed, pageSize, today } from './bounds'
import type { Context } from './context'
import { ExcludedView, partyOn, treatyView, usableView } from './law-views'

function demandStates(context: Context, states: Record<string, string>): void {
  for (const [path, code] of Object.entries(states)) {
    if (context.house.register().jurisdictions.some(row => row.code === code)) continue
    throw new Refusal('BAD_USER_INPUT', 'The register does not have this state.', { path, hint: 'Ask the query jurisdictions which there are.' })
  }
}

@Resolver(() => Treaty)
export class RegisterResolver {
  @Query(() => TreatyConnection, { description: 'Instruments of the register, by code.' })
  treaties(
    @Ctx() context: Context,
    @Arg('filter', () => TreatyFilter, { nullable: true, description: 'All given parts must fit.' }) filter: TreatyFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20, description: 'Page size, 1 to 100 (SYSTEM: 500).' }) first: number | null,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Cursor of the row behind which the page begins; same filter.' }) after: string | null,
  ): object {
    demandListBound(filter?.parties, 'filter.parties')
    const size = pageSize(context, first ?? 20)
    const found = context.house.register().instruments.filter(row => fits(row, filter, today(context))).sort((one, other) => (one.code < other.code ? -1 : 1))
    const isFurther = typeof after === 'string'
    const behind = isFurther ? (context.house.openPlace(context, 'treaties', filter ?? null, after) as { code?: string }).code ?? '' : ''
    const page = found.filter(row => row.code > behind).slice(0, size)
    const edges = page.map(row => ({ node: treatyView(row), cursor: context.house.sealPlace(context, 'treaties', filter ?? null, { code: row.code }) }))
    const last = page.at(-1)
    const hasNextPage = last !== undefined && found.some(row => row.code > last.code)
    return { edges, nodes: edges.map(edge => edge.node), totalCount: found.length, pageInfo: { hasNextPage, hasPreviousPage: isFurther, startCursor: edges[0]?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null } }
  }

  @Query(() => Treaty, { nullable: true, description: 'One instrument by its code; null where the register does not have it.' })
  treaty(@Ctx() context: Context, @Arg('code', () => String, { description: 'Code, `COE185`.' }) code: string): object | null {
    const row = context.house.register().instruments.find(each => each.code === code)
    return row ? treatyView(row) : null
  }

  @FieldResolver(() => [TreatyParty], { description: 'States that are party on the day; without `on` all, past and coming.' })
  parties(@Root() { row }: { row: InstrumentRow }, @Arg('on', () => LocalDateScalar, { nullable: true, description: 'The day.' }) on: string | null): object[] {
    return partiesOn(row, on ?? null).map(party => ({ ...party, statements: party.statements ?? [] }))
  }

  @Query(() => LegalBasisAnswer, { description: 'Which instruments may be cited today (or on a given day) between two states for this kind and these measures, best first, and why the others fall out. BAD_USER_INPUT for a state that the register does not have.' })
  legalBases(
    @Ctx() context: Context,
    @Arg('requesting', () => CountryCodeScalar, { description: 'State that asks.' }) requesting: string,
    @Arg('requested', () => CountryCodeScalar, { description: 'State that is asked.' }) requested: string,
    @Arg('kind', () => RequestKindEnum, { description: 'Kind of assistance.' }) kind: RequestKind,
    @Arg('matter', () => MatterEnum, { nullable: true, defaultValue: 'CRIMINAL', description: 'Branch of law.' }) matter: Matter | null,
    @Arg('measures', () => [MeasureCodeEnum], { nullable: true, description: 'Measures that are to be asked for, at most 100.' }) measures: MeasureCode[] | null,
    @Arg('offence', () => OffenceContext, { nullable: true, description: 'What is known of the offence.' }) offence: OffenceContext | null,
    @Arg('on', () => LocalDateScalar, { nullable: true, description: 'The day; without it, today.' }) on: string | null,
  ): object {
    demandListBound(measures, 'measures')
    demandStates(context, { requesting, requested })
    demandListed(context, 'OFFENCE_CATEGORY', offence?.categories, 'offence.categories')
    const answer = knownLegalBases(context.house.register(), { requesting, requested, kind, matter: matter ?? 'CRIMINAL', measures: measures ?? [], on: on ?? today(context), ...(offence && { offence: { ...offence } }) })
    return { on: answer.on, usable: answer.usable.map(usableView), excluded: answer.excluded.map(each => new ExcludedView(each)), reciprocity: answer.reciprocity ?? null }
  }

  @Query(() => RequestTemplate, { description: 'Which fields, codes, languages and time limits a request of this kind needs between these states, so that a form can be built from data. BAD_USER_INPUT for an unknown state or instrument.' })
  requestTemplate(
    @Ctx() context: Context,
    @Arg('requesting', () => CountryCodeScalar, { description: 'State that asks.' }) requesting: string,
    @Arg('requested', () => CountryCodeScalar, { description: 'State that is asked.' }) requested: string,
    @Arg('kind', () => RequestKindEnum, { description: 'Kind of assistance.' }) kind: RequestKind,
    @Arg('matter', () => MatterEnum, { nullable: true, defaultValue: 'CRIMINAL', description: 'Branch of law.' }) matter: Matter | null,
    @Arg('legalBasis', () => String, { nullable: true, description: 'Code of the instrument to be cited; without it, whatever is usable.' }) legalBasis: string | null,
    @Arg('measures', () => [MeasureCodeEnum], { nullable: true, description: 'Measures that are to be asked for, at most 100.' }) measures: MeasureCode[] | null,
  ): object {
    demandListBound(measures, 'measures')
    demandStates(context, { requesting, requested })
    return requestTemplate(context.house.register(), { requesting, requested, kind, matter: matter ?? 'CRIMINAL', on: today(context), ...(legalBasis && { legalBasis }), ...(measures && { measures }) })
  }

  @Query(() => [Code], { description: 'A list of codes as it stands on a day, with text, source and what replaced a retired code.' })
  codes(
    @Ctx() context: Context,
    @Arg('list', () => CodeListEnum, { description: 'The list.' }) list: CodeList,
    @Arg('on', () => LocalDateScalar, { nullable: true, description: 'The day; without it, today.' }) on: string | null,
  ): CodeRow[] { return codesOf(context.house.register(), list, on ?? today(context)) }
}

@Resolver(() => TimeLimit)
export class TimeLimitResolver {
  @FieldResolver(() => DayCountingEnum)
  counted(@Root() { counted }: TimeLimitRow): DayCounting { return counted ?? 'TO_WORKING_DAY' }
}

function fits(row: InstrumentRow, filter: TreatyFilter | null, on: string): boolean {
  const day = filter?.inForceOn ?? on
  const words = filter?.search?.toLowerCase()
  return (!filter?.parties || filter.parties.every(state => partyOn(row, state, day))) && (!filter?.kind || row.kinds.includes(filter.kind))
    && (!filter?.inForceOn || isInForce(row, filter.inForceOn)) && (!words || `${row.code} ${row.title} ${row.subject ?? ''}`.toLowerCase().includes(words))
}
