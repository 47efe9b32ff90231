// Jurisdictions, authorities, contact points and partners. Types alone, no behaviour.
import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { ChannelKind, DualCriminality, EscalationLevel, Matter, Reachability, RequestKind } from '../src/domain/vocabulary'
import { ChannelKindEnum, DualCriminalityEnum, EscalationLevelEnum, MatterEnum, ReachabilityEnum, RequestKindEnum } from './enums'
import { CountryCodeScalar, CursorScalar, InstantScalar, LocalDateScalar } from './scalars'
import { Node } from './node'
import { Shift } from './shift'
import { Source } from './source'

@ObjectType('Jurisdiction', { description: 'A state as the register has it (domain brief §4.3).' })
export class Jurisdiction {
  @Field(() => CountryCodeScalar, { description: 'ISO 3166-1 alpha-2.' })
  code!: string
  @Field(() => String, { description: 'English short name of the state.' })
  name!: string
  @Field(() => String, { description: 'Family of law, in words.' })
  legalTradition!: string
  @Field(() => [String], { description: 'Languages in which the state accepts requests unless an instrument says otherwise, ISO 639-1.' })
  acceptedLanguages!: string[]
  @Field(() => [Authority], { description: 'Central authorities of the state in the signed directory; empty for a state without one.' })
  authorities!: Authority[]
  @Field(() => [DualCriminalityRule], { description: 'When the state tests double criminality where no treaty says otherwise (domain brief §4.4).' })
  dualCriminality!: DualCriminalityRule[]
  @Field(() => [Institution], { description: 'Which institutions of the state take requests, criminal and civil; institutions alone, no persons.' })
  institutions!: Institution[]
  @Field(() => String, { nullable: true, description: 'What else is known, and what is not; null without.' })
  note?: string | null
  @Field(() => String, { description: 'Where the row was found.' })
  source!: string
  @Field(() => LocalDateScalar, { description: 'Day as of which the row was written.' })
  asOf!: string
  @Field(() => Boolean, { description: 'Whether the row was checked at its source; institutions and rules carry flags of their own.' })
  verified!: boolean
}

@ObjectType('Institution', { description: 'An institution of a state that takes requests (domain brief §4.3).' })
export class Institution {
  @Field(() => MatterEnum, { description: 'Branch of law.' })
  matter!: Matter
  @Field(() => String, { description: 'Its name; never a person.' })
  name!: string
  @Field(() => String, { nullable: true, description: 'When it is the one to turn to, in words; null where always.' })
  role?: string | null
  @Field(() => [RequestKindEnum], { nullable: true, description: 'Kinds of request that it takes; null where all of the matter.' })
  kinds?: RequestKind[] | null
  @Field(() => String, { description: 'Where it was found.' })
  source!: string
  @Field(() => Boolean, { description: 'Whether it was checked at its source.' })
  verified!: boolean
  @Field(() => LocalDateScalar, { description: 'Day as of which the row was written.' })
  asOf!: string
}

@ObjectType('DualCriminalityRule', { description: 'One rule on double criminality of a state.' })
export class DualCriminalityRule {
  @Field(() => String, { description: 'Class of measures that the rule is about.' })
  measureClass!: string
  @Field(() => DualCriminalityEnum, { description: 'When the test is made.' })
  rule!: DualCriminality
  @Field(() => String, { nullable: true, description: 'What else the rule says; null without.' })
  note?: string | null
  @Field(() => String, { description: 'Where the rule was found.' })
  source!: string
  @Field(() => Boolean, { description: 'Whether it was checked at its source.' })
  verified!: boolean
  @Field(() => LocalDateScalar, { description: 'Day as of which the row was written.' })
  asOf!: string
}

@ObjectType('Authority', { description: 'A central authority, from the signed directory.', implements: [Node] })
export class Authority {
  @Field(() => ID, { description: 'Opaque id, also the issuer of its tokens.' })
  id!: string
  @Field(() => String, { description: 'Short code of the authority.' })
  code!: string
  @Field(() => Jurisdiction, { description: 'The state that it belongs to.' })
  jurisdiction!: Jurisdiction
  @Field(() => String, { description: 'Name of the institution; never a person.' })
  name!: string
  @Field(() => [RequestKindEnum], { description: 'Kinds of request that it takes.' })
  competences!: RequestKind[]
  @Field(() => [String], { description: 'Languages in which it works, ISO 639-1.' })
  languages!: string[]
  @Field(() => [ContactPoint], { nullable: true, description: 'Its contact points in force, from its own store. Null where it could not be asked: unknown is not none.' })
  contactPoints?: ContactPoint[] | null
  @Field(() => PartnerStatus, { description: 'Whether it can be reached now and who is on duty.' })
  partnerStatus!: PartnerStatus
}

@ObjectType('AuthorityAnswer', { description: 'Authorities, with the stores that were asked for their contact points.' })
export class AuthorityAnswer {
  @Field(() => [Authority], { description: 'The authorities found.' })
  nodes!: Authority[]
  @Field(() => [Source], { description: 'One slot for each store that was asked; empty where nothing was selected that a store has to answer.' })
  sources!: Source[]
}

@ObjectType('ContactPoint', { description: 'A desk that can be reached, published by its authority.', implements: [Node] })
export class ContactPoint {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string
  @Field(() => Authority, { description: 'The authority whose desk it is.' })
  authority!: Authority
  @Field(() => String, { description: 'What the desk does; never a personal name. At most 200 characters.' })
  function!: string
  @Field(() => [Channel], { description: 'How to reach it; empty for PUBLIC.' })
  channels!: Channel[]
  @Field(() => [String], { description: 'Languages spoken there, ISO 639-1.' })
  languages!: string[]
  @Field(() => Boolean, { description: 'Whether it answers day and night.' })
  roundTheClock!: boolean
  @Field(() => Boolean, { description: 'Whether it is on duty now: by its shifts; without shifts round the clock, or Monday to Friday from 9 to 17 in the capital.' })
  onDuty!: boolean
  @Field(() => InstantScalar, { nullable: true, description: 'When the duty under way ends, over shifts that meet; null where it is off duty or never ends.' })
  dutyEndsAt?: string | null
  @Field(() => InstantScalar, { nullable: true, description: 'When it is on duty next, within a month; null where it is on duty now or none is near.' })
  dutyBeginsAt?: string | null
  @Field(() => [Shift], { description: 'Its turns of duty; empty where it publishes none.' })
  shifts!: Shift[]
  @Field(() => EscalationLevelEnum, { description: 'Where it stands on the ladder of escalation.' })
  level!: EscalationLevel
  @Field(() => Int, { description: 'Its place in the roster among the desks of its level, lowest first, 0 to 999.' })
  rank!: number
  @Field(() => [RequestKindEnum], { description: 'Kinds of request that it handles.' })
  competences!: RequestKind[]
  @Field(() => LocalDateScalar, { description: 'Day by which the entry has to be looked at again.' })
  reviewBy!: string
}

@ObjectType('Channel', { description: 'One way to reach a contact point.' })
export class Channel {
  @Field(() => ChannelKindEnum, { description: 'Kind of channel.' })
  kind!: ChannelKind
  @Field(() => String, { description: 'Address on that channel, at most 200 characters.' })
  address!: string
}

@ObjectType('ContactPointAnswer', { description: 'Contact points, with the stores that answered.' })
export class ContactPointAnswer {
  @Field(() => [ContactPoint], { description: 'The contact points found.' })
  nodes!: ContactPoint[]
  @Field(() => [Source], { description: 'One slot for each authority that was asked: an unreachable one is named.' })
  sources!: Source[]
  @Field(() => CursorScalar, { nullable: true, description: 'Where `contactPointChanged` goes on so that nothing newer is missed; null for roles without feeds, or where the own node cannot be reached.' })
  feedCursor?: string | null
}

@ObjectType('ContactPointPayload', { description: 'What a mutation on a contact point answers.' })
export class ContactPointPayload {
  @Field(() => ContactPoint, { description: 'The contact point after it.' })
  contactPoint!: ContactPoint
}

@ObjectType('PartnerStatus', { description: 'How a partner stands now.' })
export class PartnerStatus {
  @Field(() => Authority, { description: 'The partner.' })
  authority!: Authority
  @Field(() => ReachabilityEnum, { description: 'Whether its node answered just now.' })
  reachability!: Reachability
  @Field(() => InstantScalar, { description: 'When it was asked.' })
  checkedAt!: string
  @Field(() => InstantScalar, { nullable: true, description: 'When it last answered this house, which asks every 5 s; null where it has not since the house started.' })
  lastSeenAt?: string | null
  @Field(() => Int, { nullable: true, description: 'Median minutes from delivery to acknowledgement of what was acknowledged in the last 30 days: at the hub of all that the partner received, at a node of what the own authority sent it; null without any, or where it could not be asked.' })
  medianAcknowledgeMinutes?: number | null
  @Field(() => Int, { nullable: true, description: 'Open requests shared with the viewer\'s authority; null without one.' })
  openRequests?: number | null
  @Field(() => [ContactPoint], { nullable: true, description: 'Contact points on duty now; null where the authority could not be asked.' })
  onDutyNow?: ContactPoint[] | null
}

@ObjectType('PartnerChanged', { description: 'A partner became reachable or unreachable, or how it stands when the feed begins. It stands for itself: there is no cursor, and a feed that begins anew tells how all stand.' })
export class PartnerChanged {
  @Field(() => PartnerStatus, { description: 'The partner, with its reachability as of the event.' })
  partner!: PartnerStatus
  @Field(() => ReachabilityEnum, { nullable: true, description: 'Its reachability before; null where this house did not know.' })
  before?: Reachability | null
  @Field(() => InstantScalar, { description: 'Since when it stands so, by this house\'s clock.' })
  at!: string
}
