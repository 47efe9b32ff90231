// What is published of a contact point. Types alone, no behaviour.
import { ArrayMaxSize, IsOptional, Max, Min, ValidateNested } from 'class-validator'
import { Field, ID, InputType, Int } from 'type-graphql'
import type { ChannelKind, EscalationLevel, RequestKind } from '../src/domain/vocabulary'
import { Bounded } from './bounded'
import { ChannelKindEnum, EscalationLevelEnum, RequestKindEnum } from './enums'
import { LocalDateScalar } from './scalars'
import { ShiftInput } from './shift'

@InputType('ChannelInput', { description: 'One way to reach a contact point.' })
export class ChannelInput {
  @Field(() => ChannelKindEnum, { description: 'Kind of channel.' })
  kind!: ChannelKind
  @Field(() => String, { description: 'Address on it, 1 to 200 characters.' })
  @Bounded(1, 200)
  address!: string
}

@InputType('ContactPointInput', { description: 'A contact point to publish; with `id`, the new text of a known one.' })
export class ContactPointInput {
  @Field(() => ID, { nullable: true, description: 'An own contact point that is in force; absent for a new one.' })
  @IsOptional() @Bounded(1, 200)
  id?: string | null
  @Field(() => String, { description: 'What the desk does, no personal name; 1 to 200 characters.' })
  @Bounded(1, 200)
  function!: string
  @Field(() => [ChannelInput], { description: 'How to reach it, at most 100.' })
  @ArrayMaxSize(100) @ValidateNested({ each: true })
  channels!: ChannelInput[]
  @Field(() => [String], { description: 'ISO 639-1, at most 100.' })
  @ArrayMaxSize(100) @Bounded(1, 64, true)
  languages!: string[]
  @Field(() => Boolean, { description: 'Whether it answers day and night.' })
  roundTheClock!: boolean
  @Field(() => [RequestKindEnum], { description: 'Kinds of request that it handles, at most 100.' })
  @ArrayMaxSize(100)
  competences!: RequestKind[]
  @Field(() => LocalDateScalar, { description: 'Day by which the entry has to be looked at again.' })
  reviewBy!: string
  @Field(() => [ShiftInput], { nullable: true, description: 'Its turns of duty, at most 50; absent: none.' })
  @IsOptional() @ArrayMaxSize(50) @ValidateNested({ each: true })
  shifts?: ShiftInput[] | null
  @Field(() => EscalationLevelEnum, { nullable: true, defaultValue: 'DUTY_DESK', description: 'Where it stands on the ladder of escalation.' })
  level?: EscalationLevel | null
  @Field(() => Int, { nullable: true, defaultValue: 0, description: 'Its place in the roster among the desks of its level, lowest first, 0 to 999.' })
  @IsOptional() @Min(0) @Max(999)
  rank?: number | null
}

@InputType('RetireContactPointInput', { description: 'A contact point to take out of force.' })
export class RetireContactPointInput {
  @Field(() => ID, { description: 'An own contact point that is in force.' })
  @Bounded(1, 200)
  id!: string
  @Field(() => String, { nullable: true, description: 'Why, at most 20,000 characters.' })
  @IsOptional() @Bounded(1, 20000)
  reason?: string | null
}
