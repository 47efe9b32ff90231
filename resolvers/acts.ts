// One mutation an act: parse what was said, hand it to the house. Who may do what when stands in the domain's table, not here.
import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Authorized, Ctx, Info, Mutation, Resolver } from 'type-graphql'
import {
  AcceptInput, AcknowledgeInput, AnswerConditionsInput, AnswerScopeInput, AskForInformationInput, BeginAssessmentInput, BeginExecutionInput,
  ChangeUrgencyInput, CloseInput, ConfirmResultsInput, ConsultInput, DeclareImpossibleInput, PostponeInput, ProposeScopeInput, RedirectInput, RefuseInput, ReportResultsInput,
  ResumeInput, SubmitInput, SupplementInput, ValidateInput, WithdrawInput,
} from '../schema/act-inputs'
import { AmendDraftInput, DraftRequestInput } from '../schema/draft-inputs'
import { RequestPayload } from '../schema/request'
import type { Beside } from '../src/domain/beside'
import type { CaseAct } from '../src/domain/lifecycle'
import type { Dossier, ResultItem, Said } from '../src/domain/request'
import type { BesideAct, MeasureCode, Urgency } from '../src/domain/vocabulary'
import type { ActOrder, Context, DraftOrder } from './context'

export interface ActInput { reference: string; expectedVersion: number; idempotencyKey?: string | null }
interface More { dossier?: Dossier; urgency?: Urgency; measures?: MeasureCode[]; beside?: Beside }

/** The input as plain data: what a repeated key is compared with, and what is kept. */
export const plain = <Value>(value: unknown): Value => JSON.parse(JSON.stringify(value)) as Value

/** Only what was given. */
function given<Part extends object>(part: { [Key in keyof Part]?: Part[Key] | null | undefined }): Part {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== null && value !== undefined)) as Part
}

export function act(context: Context, info: GraphQLResolveInfo, caseAct: CaseAct | BesideAct, input: ActInput, said: { [Key in keyof Said]?: Said[Key] | null | undefined }, more: { [Key in keyof More]?: More[Key] | null | undefined } = {}): Promise<object> {
  const { reference, expectedVersion, idempotencyKey } = input
  const order: ActOrder = { mutation: info.fieldName, act: caseAct, reference, expectedVersion, ...(idempotencyKey && { idempotencyKey }), input: plain(input), said: plain(given<Said>(said)), ...plain<More>(given<More>(more)) }
  return context.house.act(context, order, info)
}

const ACT_RULES = 'Answers with the request as it is after the act; an act on a request that the other side decides is shown in `pending` until confirmed. Refusals: FORBIDDEN, NOT_FOUND, IDEMPOTENCY_CONFLICT, VERSION_CONFLICT, ACT_NOT_ALLOWED, BAD_USER_INPUT.'
export const described = (text: string) => ({ description: `${text} ${ACT_RULES}` })

@Resolver()
export class ActResolver {
  @Authorized('DRAFT')
  @Mutation(() => RequestPayload, described('Drafts a request, version 1, visible to the own authority alone. Roles: OFFICIAL, SYSTEM.'))
  draftRequest(@Ctx() context: Context, @Arg('input', () => DraftRequestInput, { description: 'The draft; it may lack what `checkDraft` will ask for.' }) input: DraftRequestInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    const { idempotencyKey, kind, matter, urgency, measures, requested, ownReference, legalBases, dossier } = plain<DraftOrder>(input)
    return context.house.draft(context, { idempotencyKey, input: plain(input), kind, matter, urgency, measures, requested, ownReference, legalBases, dossier }, info)
  }

  @Authorized('AMEND')
  @Mutation(() => RequestPayload, described('Changes a draft; what is absent stays, a dossier is replaced whole, a validation becomes void. In CONSULTATION the other side is shown the draft anew. Roles: OFFICIAL, SYSTEM.'))
  amendDraft(@Ctx() context: Context, @Arg('input', () => AmendDraftInput, { description: 'What to change.' }) input: AmendDraftInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'AMEND', input, { legalBases: input.legalBases, note: input.note }, { dossier: input.dossier as Dossier | null | undefined, urgency: input.urgency, measures: input.measures })
  }

  @Authorized('CONSULT')
  @Mutation(() => RequestPayload, described('Shows a draft to the requested authority with a question before it is sent. It may lack what `checkDraft` asks for. The other side reads and answers it while CONSULTATION lasts; the own side decides. Nothing that is said there is evidence. Roles: OFFICIAL, SYSTEM.'))
  consultRequest(@Ctx() context: Context, @Arg('input', () => ConsultInput, { description: 'Which draft, and the question.' }) input: ConsultInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'CONSULT', input, { question: input.question })
  }

  @Authorized('VALIDATE')
  @Mutation(() => RequestPayload, described('A second official signs off; the content is frozen until amended. Role: VALIDATOR, another subject than drafted or last amended. Refused with DRAFT_INCOMPLETE while a finding is a FAULT.'))
  validateRequest(@Ctx() context: Context, @Arg('input', () => ValidateInput, { description: 'Which request.' }) input: ValidateInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'VALIDATE', input, { note: input.note })
  }

  @Authorized('SUBMIT')
  @Mutation(() => RequestPayload, described('Seals the request and sends it to the requested authority, which decides it from then on. Roles: OFFICIAL, SYSTEM.'))
  submitRequest(@Ctx() context: Context, @Arg('input', () => SubmitInput, { description: 'Which request.' }) input: SubmitInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'SUBMIT', input, { note: input.note })
  }

  @Authorized('WITHDRAW')
  @Mutation(() => RequestPayload, described('Takes the request back, from every open state but EXECUTED. Roles: OFFICIAL, SYSTEM of the requesting side.'))
  withdrawRequest(@Ctx() context: Context, @Arg('input', () => WithdrawInput, { description: 'Which request, and why.' }) input: WithdrawInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'WITHDRAW', input, { reason: input.reason })
  }

  @Authorized('SUPPLEMENT')
  @Mutation(() => RequestPayload, described('Answers a question of the requested side with a new dossier. Roles: OFFICIAL, SYSTEM of the requesting side.'))
  supplementRequest(@Ctx() context: Context, @Arg('input', () => SupplementInput, { description: 'The whole new dossier.' }) input: SupplementInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'SUPPLEMENT', input, { note: input.note }, { dossier: input.dossier as Dossier })
  }

  @Authorized('ANSWER_SCOPE')
  @Mutation(() => RequestPayload, described('Accepts the proposed scope, whose measures and time window become the request\'s, or counters it. Roles: OFFICIAL, SYSTEM of the requesting side.'))
  answerScopeProposal(@Ctx() context: Context, @Arg('input', () => AnswerScopeInput, { description: 'The answer.' }) input: AnswerScopeInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'ANSWER_SCOPE', input, { accept: input.accept, counter: input.counter })
  }

  @Authorized('ANSWER_CONDITIONS')
  @Mutation(() => RequestPayload, described('Agrees to the conditions of an acceptance, or does not. Roles: OFFICIAL, SYSTEM of the requesting side.'))
  answerConditions(@Ctx() context: Context, @Arg('input', () => AnswerConditionsInput, { description: 'The answer.' }) input: AnswerConditionsInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'ANSWER_CONDITIONS', input, { accept: input.accept, note: input.note })
  }

  @Authorized('CONFIRM_RESULTS')
  @Mutation(() => RequestPayload, described('Confirms receipt and integrity of all results. Roles: OFFICIAL, SYSTEM of the requesting side.'))
  confirmResults(@Ctx() context: Context, @Arg('input', () => ConfirmResultsInput, { description: 'Which request.' }) input: ConfirmResultsInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'CONFIRM_RESULTS', input, { note: input.note })
  }

  @Authorized('ACKNOWLEDGE')
  @Mutation(() => RequestPayload, described('Confirms receipt and names the handling unit. Roles: OFFICIAL, SYSTEM, LIAISON of the requested side.'))
  acknowledgeRequest(@Ctx() context: Context, @Arg('input', () => AcknowledgeInput, { description: 'Who handles it under which number.' }) input: AcknowledgeInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'ACKNOWLEDGE', input, { handler: input.handler, ownReference: input.ownReference })
  }

  @Authorized('BEGIN_ASSESSMENT')
  @Mutation(() => RequestPayload, described('Begins, or takes up again, the legal assessment. Roles: OFFICIAL, SYSTEM of the requested side.'))
  beginAssessment(@Ctx() context: Context, @Arg('input', () => BeginAssessmentInput, { description: 'Which request.' }) input: BeginAssessmentInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'BEGIN_ASSESSMENT', input, { note: input.note })
  }

  @Authorized('ASK_FOR_INFORMATION')
  @Mutation(() => RequestPayload, described('Asks the requesting side for what is missing; the requested side\'s clocks pause. Roles: OFFICIAL, SYSTEM of the requested side.'))
  askForInformation(@Ctx() context: Context, @Arg('input', () => AskForInformationInput, { description: 'What is missing and by when it is needed.' }) input: AskForInformationInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'ASK_FOR_INFORMATION', input, { missing: input.missing, answerBy: input.answerBy, note: input.note })
  }

  @Authorized('PROPOSE_SCOPE')
  @Mutation(() => RequestPayload, described('Objects and proposes a narrower scope. Roles: OFFICIAL, SYSTEM of the requested side.'))
  proposeScope(@Ctx() context: Context, @Arg('input', () => ProposeScopeInput, { description: 'Objections by code, and the scope proposed.' }) input: ProposeScopeInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'PROPOSE_SCOPE', input, { objections: input.objections, proposal: input.proposal, measures: input.measures, timeWindow: input.timeWindow })
  }

  @Authorized('ACCEPT')
  @Mutation(() => RequestPayload, described('Accepts the request; with conditions the requesting side has to agree first. Roles: OFFICIAL, SYSTEM of the requested side.'))
  acceptRequest(@Ctx() context: Context, @Arg('input', () => AcceptInput, { description: 'Reasons, and conditions by code.' }) input: AcceptInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'ACCEPT', input, { reasons: input.reasons, conditions: input.conditions, dualCriminality: input.dualCriminality })
  }

  @Authorized('REFUSE')
  @Mutation(() => RequestPayload, described('Refuses the request by code, with reasons and remedies. Roles: OFFICIAL, SYSTEM of the requested side.'))
  refuseRequest(@Ctx() context: Context, @Arg('input', () => RefuseInput, { description: 'Grounds by code, reasons and remedies.' }) input: RefuseInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'REFUSE', input, { codes: input.grounds, reasons: input.reasons, remedies: input.remedies, dualCriminality: input.dualCriminality })
  }

  @Authorized('POSTPONE')
  @Mutation(() => RequestPayload, described('Postpones on a lawful ground until a day; clocks pause. Roles: OFFICIAL, SYSTEM of the requested side.'))
  postponeRequest(@Ctx() context: Context, @Arg('input', () => PostponeInput, { description: 'The ground by code, and until when.' }) input: PostponeInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'POSTPONE', input, { ground: input.ground, until: input.until, note: input.note })
  }

  @Authorized('RESUME')
  @Mutation(() => RequestPayload, described('Resumes a postponed request in the state that it came from. Roles: OFFICIAL, SYSTEM of the requested side.'))
  resumeRequest(@Ctx() context: Context, @Arg('input', () => ResumeInput, { description: 'Which request.' }) input: ResumeInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'RESUME', input, { note: input.note })
  }

  @Authorized('BEGIN_EXECUTION')
  @Mutation(() => RequestPayload, described('Begins to carry out the measures. Roles: OFFICIAL, SYSTEM of the requested side.'))
  beginExecution(@Ctx() context: Context, @Arg('input', () => BeginExecutionInput, { description: 'Which request.' }) input: BeginExecutionInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'BEGIN_EXECUTION', input, { note: input.note })
  }

  @Authorized('REPORT_RESULTS')
  @Mutation(() => RequestPayload, described('Lists what was transmitted, item by item with digests. Roles: OFFICIAL, SYSTEM of the requested side.'))
  reportResults(@Ctx() context: Context, @Arg('input', () => ReportResultsInput, { description: 'The items, and whether they are all.' }) input: ReportResultsInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    const items = input.items.map(item => ({ ...item, id: '', sensitivity: item.sensitivity ?? [] })) as ResultItem[]
    return act(context, info, 'REPORT_RESULTS', input, { items, complete: input.complete, note: input.note })
  }

  @Authorized('DECLARE_IMPOSSIBLE')
  @Mutation(() => RequestPayload, described('Declares that the request cannot be carried out. Roles: OFFICIAL, SYSTEM of the requested side.'))
  declareImpossible(@Ctx() context: Context, @Arg('input', () => DeclareImpossibleInput, { description: 'Which request, and why.' }) input: DeclareImpossibleInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'DECLARE_IMPOSSIBLE', input, { reason: input.reason })
  }

  @Authorized('REDIRECT')
  @Mutation(() => RequestPayload, described('Tells the sender which authority is competent; nothing is sent on, the sender drafts anew. Roles: OFFICIAL, SYSTEM, LIAISON of the requested side.'))
  redirectRequest(@Ctx() context: Context, @Arg('input', () => RedirectInput, { description: 'The competent authority, and why.' }) input: RedirectInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'REDIRECT', input, { to: input.to, reason: input.reason })
  }

  @Authorized('CHANGE_URGENCY')
  @Mutation(() => RequestPayload, described('Raises or lowers the urgency, with a reason. Roles: OFFICIAL, SYSTEM, LIAISON of either side.'))
  changeUrgency(@Ctx() context: Context, @Arg('input', () => ChangeUrgencyInput, { description: 'The level, and why.' }) input: ChangeUrgencyInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'CHANGE_URGENCY', input, { reason: input.reason }, { urgency: input.urgency })
  }

  @Authorized('CLOSE')
  @Mutation(() => RequestPayload, described('Ends the file. Roles: OFFICIAL, SYSTEM of either side.'))
  closeRequest(@Ctx() context: Context, @Arg('input', () => CloseInput, { description: 'Which request.' }) input: CloseInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return act(context, info, 'CLOSE', input, { note: input.note })
  }
}
