// Fields of a request and of a timeline entry that its own node reads when they are selected. The hub reads them by the client's aliases instead.
import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import { ActEnum, SubStateEnum } from '../schema/enums'
import { Dossier } from '../schema/dossier'
import { Finding } from '../schema/finding'
import { RequestLaw } from '../schema/legal-basis'
import { ConsultationEntry, Decision, Escalation, FurtherUse, Request, RequestLink, ResultItem } from '../schema/request'
import { CursorScalar } from '../schema/scalars'
import { ActDetails, ActRefusal, TimelineConnection, TimelineEvent } from '../schema/timeline'
import type { Act, SubState } from '../src/domain/vocabulary'
import type { ActRefusalView, Context, RequestReader, RequestRoot, TimelineRoot } from './context'
import { pageSize } from './bounds'

const reader = (context: Context): RequestReader => context.house.reader(context)

@Resolver(() => Request)
export class RequestFieldResolver {
  @FieldResolver(() => [ActEnum])
  availableActs(@Root() request: RequestRoot, @Ctx() context: Context): Act[] { return reader(context).availableActs(request) }

  @FieldResolver(() => [SubStateEnum])
  availableSubStates(@Root() request: RequestRoot, @Ctx() context: Context): SubState[] { return reader(context).availableSubStates(request) }

  @FieldResolver(() => [FurtherUse], { nullable: true })
  furtherUses(@Root() request: RequestRoot, @Ctx() context: Context): Promise<object[] | null> { return reader(context).furtherUses(request) }

  @FieldResolver(() => [RequestLink])
  relations(@Root() request: RequestRoot, @Ctx() context: Context): Promise<object[]> { return reader(context).relations(request) }

  @FieldResolver(() => [ConsultationEntry], { nullable: true })
  consultation(@Root() request: RequestRoot, @Ctx() context: Context): Promise<object[] | null> { return reader(context).consultation(request) }

  @FieldResolver(() => [Escalation])
  escalatedTo(@Root() request: RequestRoot, @Ctx() context: Context): object[] { return reader(context).escalatedTo(request) }

  @FieldResolver(() => TimelineConnection, { description: 'What happened, oldest first, from the viewer\'s own store; the requested side\'s begins with SUBMITTED, or with the consultation before it, of which what the requesting side did alone is left out.' })
  timeline(
    @Root() request: RequestRoot, @Ctx() context: Context,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50, description: 'Page size, 1 to 100 (SYSTEM: 500).' }) first: number | null,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'A cursor of this timeline or of any feed.' }) after: string | null,
  ): Promise<object> { return reader(context).timeline(request, pageSize(context, first ?? 50), after ?? null) }

  @FieldResolver(() => Dossier, { nullable: true })
  dossier(@Root() request: RequestRoot, @Ctx() context: Context): Promise<object | null> { return reader(context).dossier(request) }

  @FieldResolver(() => Decision, { nullable: true })
  decision(@Root() request: RequestRoot, @Ctx() context: Context): Promise<object | null> { return reader(context).decision(request) }

  @FieldResolver(() => RequestLaw, { nullable: true })
  law(@Root() request: RequestRoot, @Ctx() context: Context): Promise<object | null> { return reader(context).law(request) }

  @FieldResolver(() => [Finding])
  findings(@Root() request: RequestRoot, @Ctx() context: Context): Promise<readonly Finding[]> { return reader(context).findings(request) }

  @FieldResolver(() => [ResultItem], { nullable: true })
  results(@Root() request: RequestRoot, @Ctx() context: Context): Promise<object[] | null> { return reader(context).results(request) }
}

@Resolver(() => TimelineEvent)
export class TimelineFieldResolver {
  @FieldResolver(() => Request)
  request(@Root() event: TimelineRoot, @Ctx() context: Context): Promise<object> { return reader(context).requestOf(event) }

  @FieldResolver(() => String, { nullable: true })
  note(@Root() event: TimelineRoot, @Ctx() context: Context): Promise<string | null> { return reader(context).note(event) }

  @FieldResolver(() => ActDetails, { nullable: true })
  details(@Root() event: TimelineRoot, @Ctx() context: Context): Promise<object | null> { return reader(context).details(event) }

  @FieldResolver(() => ActRefusal, { nullable: true })
  refusal(@Root() event: TimelineRoot, @Ctx() context: Context): Promise<ActRefusalView | null> { return reader(context).refusal(event) }
}
