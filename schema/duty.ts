// Duty rosters, whom urgent notices are addressed to, and what one shift leaves to the next. Types alone, no behaviour.
import { ArrayMaxSize, IsOptional, ValidateNested } from 'class-validator'
import { Field, ID, InputType, ObjectType } from 'type-graphql'
import type { EscalationLevel } from '../src/domain/vocabulary'
import { Authority, ContactPoint } from './authority'
import { Bounded } from './bounded'
import { EscalationLevelEnum } from './enums'
import { Resumable } from './node'
import { CursorScalar, InstantScalar } from './scalars'

@ObjectType('Addressee', { description: 'The desk to which an urgent notice is addressed: by the duty roster and the ladder of escalation, as the deciding store recorded it.' })
export class Addressee {
  @Field(() => EscalationLevelEnum, { description: 'Rung of the ladder.' })
  level!: EscalationLevel
  @Field(() => Authority, { description: 'Whose desk it is.' })
  authority!: Authority
  @Field(() => ContactPoint, { nullable: true, description: 'The desk, as it stands now or last stood; null where the authority publishes none of this level: the authority as such is meant.' })
  contactPoint?: ContactPoint | null
}

@ObjectType('HandOverItem', { description: 'A request that the next shift has to look after.' })
export class HandOverItem {
  @Field(() => String, { description: 'Reference of the request.' })
  reference!: string
  @Field(() => String, { nullable: true, description: 'What to know of it; null where nothing was said. At most 20,000 characters.' })
  note?: string | null
}

@ObjectType('PromisedAction', { description: 'What the shift that leaves has promised and the next one has to do.' })
export class PromisedAction {
  @Field(() => String, { description: 'What was promised, in words; at most 20,000 characters.' })
  action!: string
  @Field(() => String, { nullable: true, description: 'Reference of the request that it is about; null where it is about none.' })
  reference?: string | null
  @Field(() => InstantScalar, { nullable: true, description: 'By when; null where no time was promised.' })
  dueAt?: string | null
}

@ObjectType('HandOver', { description: 'What one shift of a desk left to the next. Seen by the own authority alone, by roles that read requests.' })
export class HandOver {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string
  @Field(() => ContactPoint, { nullable: true, description: 'The desk, as it stands now or last stood; null where its text was deleted.' })
  contactPoint?: ContactPoint | null
  @Field(() => InstantScalar, { description: 'When it was left.' })
  at!: string
  @Field(() => String, { description: 'Subject of the token that left it.' })
  leftBy!: string
  @Field(() => String, { description: 'The note; empty where it was deleted at the end of retention.' })
  note!: string
  @Field(() => [HandOverItem], { description: 'Requests to look after.' })
  openItems!: HandOverItem[]
  @Field(() => [PromisedAction], { description: 'What was promised.' })
  promisedActions!: PromisedAction[]
  @Field(() => InstantScalar, { nullable: true, description: 'When the next shift took it over; null while nobody has.' })
  acknowledgedAt?: string | null
  @Field(() => String, { nullable: true, description: 'Subject of the token that took it over; null while nobody has.' })
  acknowledgedBy?: string | null
}

@ObjectType('HandOverChanged', { description: 'A shift was handed over, or a hand-over was acknowledged.', implements: [Resumable] })
export class HandOverChanged {
  @Field(() => CursorScalar, { description: 'Position in the viewer\'s authority\'s ledger.' })
  cursor!: string
  @Field(() => HandOver, { description: 'The hand-over when the event was sent: as of then or later.' })
  handOver!: HandOver
  @Field(() => Boolean, { description: 'Whether this event is the acknowledgement.' })
  acknowledged!: boolean
  @Field(() => InstantScalar, { description: 'When it happened.' })
  at!: string
}

@ObjectType('HandOverPayload', { description: 'What a mutation on a hand-over answers.' })
export class HandOverPayload {
  @Field(() => HandOver, { description: 'The hand-over after it.' })
  handOver!: HandOver
}

@InputType('HandOverItemInput', { description: 'A request that the next shift has to look after.' })
export class HandOverItemInput {
  @Field(() => String, { description: 'Reference of a request that the viewer may see; 1 to 64 characters.' })
  @Bounded(1, 64)
  reference!: string
  @Field(() => String, { nullable: true, description: 'What to know of it, at most 20,000 characters.' })
  @IsOptional() @Bounded(0, 20000)
  note?: string | null
}

@InputType('PromisedActionInput', { description: 'What was promised and has to be done by the next shift.' })
export class PromisedActionInput {
  @Field(() => String, { description: 'What, 1 to 20,000 characters.' })
  @Bounded(1, 20000)
  action!: string
  @Field(() => String, { nullable: true, description: 'Reference of the request that it is about, 1 to 64 characters.' })
  @IsOptional() @Bounded(1, 64)
  reference?: string | null
  @Field(() => InstantScalar, { nullable: true, description: 'By when.' })
  dueAt?: string | null
}

@InputType('HandOverShiftInput', { description: 'What a shift leaves to the next one.' })
export class HandOverShiftInput {
  @Field(() => ID, { description: 'An own contact point that is in force: the desk whose shift ends.' })
  @Bounded(1, 200)
  contactPoint!: string
  @Field(() => String, { description: 'The note, at most 20,000 characters.' })
  @Bounded(0, 20000)
  note!: string
  @Field(() => [HandOverItemInput], { nullable: true, description: 'Requests to look after, at most 100; absent: every open URGENT or EMERGENCY request, the 100 that are due first.' })
  @IsOptional() @ArrayMaxSize(100) @ValidateNested({ each: true })
  openItems?: HandOverItemInput[] | null
  @Field(() => [PromisedActionInput], { nullable: true, description: 'What was promised, at most 100; absent: nothing.' })
  @IsOptional() @ArrayMaxSize(100) @ValidateNested({ each: true })
  promisedActions?: PromisedActionInput[] | null
  @Field(() => String, { nullable: true, description: 'Repeating a call with the same key leaves no second hand-over; 1 to 200 characters.' })
  @IsOptional() @Bounded(1, 200)
  idempotencyKey?: string | null
}

@InputType('AcknowledgeHandOverInput', { description: 'A hand-over that is taken over.' })
export class AcknowledgeHandOverInput {
  @Field(() => ID, { description: 'Id of a hand-over of the own authority.' })
  @Bounded(1, 200)
  id!: string
}
