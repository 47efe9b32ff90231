// One mutation an act beside the shared status. Who may do what when stands in the domain's tables, not here.
import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Authorized, Ctx, Info, Mutation, Resolver } from 'type-graphql'
import {
  AnswerConsultationInput, AskFurtherUseInput, DecideFurtherUseInput, ExtendLimitInput, LiftOverlayInput, RaiseOverlayInput, RecordSubStateInput, TellPersonInput, TriggerSafeguardInput,
} from '../schema/beside-inputs'
import { RequestPayload } from '../schema/request'
import { act, described } from './acts'
import type { Context } from './context'

@Resolver()
export class BesideResolver {
  @Authorized('RECORD_SUB_STATE')
  @Mutation(() => RequestPayload, described('Moves the kind\'s own state beside the status: see `availableSubStates`. Roles: OFFICIAL, SYSTEM of the side that its table names.'))
  recordSubState(@Ctx() context: Context, @Arg('input', () => RecordSubStateInput, { description: 'The state that is reached.' }) input: RecordSubStateInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    const { subState, on, note } = input
    return act(context, info, 'RECORD_SUB_STATE', input, { note }, { beside: { subState, ...(on && { on }) } })
  }

  @Authorized('RAISE_OVERLAY')
  @Mutation(() => RequestPayload, described('Raises what stands beside the status; while LEGAL_REMEDY_PENDING stands, the requested side\'s clocks pause and no results are transmitted. Roles: OFFICIAL, SYSTEM.'))
  raiseOverlay(@Ctx() context: Context, @Arg('input', () => RaiseOverlayInput, { description: 'What, and why.' }) input: RaiseOverlayInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'RAISE_OVERLAY', input, { reason: input.reason }, { beside: { overlay: input.overlay } })
  }

  @Authorized('LIFT_OVERLAY')
  @Mutation(() => RequestPayload, described('Ends what stood beside the status. Roles: OFFICIAL, SYSTEM of the side that raised it; of either side for ESCALATED.'))
  liftOverlay(@Ctx() context: Context, @Arg('input', () => LiftOverlayInput, { description: 'What, and why.' }) input: LiftOverlayInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'LIFT_OVERLAY', input, { reason: input.reason }, { beside: { overlay: input.overlay } })
  }

  @Authorized('ANSWER_CONSULTATION')
  @Mutation(() => RequestPayload, described('Answers in a consultation before a request, as often as need be; no evidence, and binds nobody. A request that has left CONSULTATION meanwhile refuses it. Roles: OFFICIAL, SYSTEM of the requested side.'))
  answerConsultation(@Ctx() context: Context, @Arg('input', () => AnswerConsultationInput, { description: 'The answer.' }) input: AnswerConsultationInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'ANSWER_CONSULTATION', input, { answer: input.answer }, { beside: {} })
  }

  @Authorized('ASK_FURTHER_USE')
  @Mutation(() => RequestPayload, described('Asks whether what was transmitted may be used in another case. Roles: OFFICIAL, SYSTEM of the requesting side.'))
  askFurtherUse(@Ctx() context: Context, @Arg('input', () => AskFurtherUseInput, { description: 'For what.' }) input: AskFurtherUseInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'ASK_FURTHER_USE', input, { purpose: input.purpose }, { beside: {} })
  }

  @Authorized('DECIDE_FURTHER_USE')
  @Mutation(() => RequestPayload, described('Decides whether what was transmitted may be used in another case. Roles: OFFICIAL, SYSTEM of the requested side.'))
  decideFurtherUse(@Ctx() context: Context, @Arg('input', () => DecideFurtherUseInput, { description: 'The decision.' }) input: DecideFurtherUseInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    const { asked, granted, reasons, conditions } = input
    return act(context, info, 'DECIDE_FURTHER_USE', input, { reasons, conditions }, { beside: { asked, granted } })
  }

  @Authorized('TRIGGER_SAFEGUARD')
  @Mutation(() => RequestPayload, described('Tells the requesting side that an extraordinary safeguard was used. Roles: OFFICIAL, SYSTEM of the requested side.'))
  triggerSafeguard(@Ctx() context: Context, @Arg('input', () => TriggerSafeguardInput, { description: 'Which.' }) input: TriggerSafeguardInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'TRIGGER_SAFEGUARD', input, { safeguard: input.safeguard }, { beside: {} })
  }

  @Authorized('EXTEND_LIMIT')
  @Mutation(() => RequestPayload, described('Prolongs a running time limit once, by what its rule allows, and tells the other side why; see `extension` of `deadlines`. Roles: OFFICIAL, SYSTEM of the requested side.'))
  extendLimit(@Ctx() context: Context, @Arg('input', () => ExtendLimitInput, { description: 'Which, and why.' }) input: ExtendLimitInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'EXTEND_LIMIT', input, { reasons: input.reasons }, { beside: { obligation: input.obligation } })
  }

  @Authorized('TELL_PERSON')
  @Mutation(() => RequestPayload, described('Records that the person concerned was told, or that this is deferred until a day of review. Roles: OFFICIAL, SYSTEM of either side.'))
  tellPerson(@Ctx() context: Context, @Arg('input', () => TellPersonInput, { description: 'Told, or deferred until when.' }) input: TellPersonInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'TELL_PERSON', input, { reason: input.reason }, { beside: { ...(input.reviewOn && { reviewOn: input.reviewOn }) } })
  }
}
