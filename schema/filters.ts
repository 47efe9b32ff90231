// Filters of lists and feeds. Types alone, no behaviour.
import { ArrayMaxSize, IsOptional, Max, Min } from 'class-validator'
import { Field, Float, InputType } from 'type-graphql'
import type { Overlay, RequestKind, RequestStatus, Side, Urgency } from '../src/domain/vocabulary'
import { Bounded } from './bounded'
import { OverlayEnum, RequestKindEnum, RequestStatusEnum, SideEnum, UrgencyEnum } from './enums'
import { CountryCodeScalar, InstantScalar, LocalDateScalar } from './scalars'

@InputType('AuthorityFilter', { description: 'Which authorities; all given parts must fit.' })
export class AuthorityFilter {
  @Field(() => [CountryCodeScalar], { nullable: true, description: 'States, at most 100.' })
  @IsOptional() @ArrayMaxSize(100)
  jurisdictions?: string[] | null
  @Field(() => RequestKindEnum, { nullable: true, description: 'Kind of request that the authority takes.' })
  @IsOptional()
  competence?: RequestKind | null
}

@InputType('ContactPointFilter', { description: 'Which contact points; all given parts must fit.' })
export class ContactPointFilter {
  @Field(() => [CountryCodeScalar], { nullable: true, description: 'States, at most 100.' })
  @IsOptional() @ArrayMaxSize(100)
  jurisdictions?: string[] | null
  @Field(() => RequestKindEnum, { nullable: true, description: 'Kind of request that the desk handles.' })
  @IsOptional()
  competence?: RequestKind | null
  @Field(() => Boolean, { nullable: true, description: 'Only those on duty now, or only those not.' })
  @IsOptional()
  onDuty?: boolean | null
  @Field(() => Boolean, { nullable: true, description: 'Only those that answer day and night, or only the others.' })
  @IsOptional()
  roundTheClock?: boolean | null
}

@InputType('TreatyFilter', { description: 'Which treaties; all given parts must fit.' })
export class TreatyFilter {
  @Field(() => [CountryCodeScalar], { nullable: true, description: 'States that all are party, at most 100.' })
  @IsOptional() @ArrayMaxSize(100)
  parties?: string[] | null
  @Field(() => RequestKindEnum, { nullable: true, description: 'Kind of request that it covers.' })
  @IsOptional()
  kind?: RequestKind | null
  @Field(() => LocalDateScalar, { nullable: true, description: 'Day on which it is in force.' })
  @IsOptional()
  inForceOn?: string | null
  @Field(() => String, { nullable: true, description: 'Words in code, title or subject; at most 100 characters.' })
  @IsOptional() @Bounded(0, 100)
  search?: string | null
}

@InputType('OffenceContext', { description: 'What is known of the offence where an instrument depends on it.' })
export class OffenceContext {
  @Field(() => Float, { nullable: true, description: 'Highest penalty in years.' })
  @IsOptional() @Min(0) @Max(1_000)
  maxPenaltyYears?: number | null
  @Field(() => [String], { nullable: true, description: 'Categories by code (list OFFENCE_CATEGORY), at most 100.' })
  @IsOptional() @ArrayMaxSize(100) @Bounded(1, 64, true)
  categories?: string[] | null
}

@InputType('RequestFilter', { description: 'Which requests; all given parts must fit.' })
export class RequestFilter {
  @Field(() => [String], { nullable: true, description: 'At most 500.' })
  @IsOptional() @ArrayMaxSize(500) @Bounded(1, 64, true)
  references?: string[] | null
  @Field(() => SideEnum, { nullable: true, description: 'Side of the viewer\'s authority.' })
  @IsOptional()
  side?: Side | null
  @Field(() => [CountryCodeScalar], { nullable: true, description: 'States of the other party, at most 100.' })
  @IsOptional() @ArrayMaxSize(100)
  partners?: string[] | null
  @Field(() => [RequestKindEnum], { nullable: true, description: 'Kinds of request, at most 100.' })
  @IsOptional() @ArrayMaxSize(100)
  kinds?: RequestKind[] | null
  @Field(() => [RequestStatusEnum], { nullable: true, description: 'Statuses, at most 100.' })
  @IsOptional() @ArrayMaxSize(100)
  statuses?: RequestStatus[] | null
  @Field(() => [UrgencyEnum], { nullable: true, description: 'Levels of urgency, at most 100.' })
  @IsOptional() @ArrayMaxSize(100)
  urgencies?: Urgency[] | null
  @Field(() => Boolean, { nullable: true, description: 'Only open ones, or only those that are final or closed.' })
  @IsOptional()
  open?: boolean | null
  @Field(() => InstantScalar, { nullable: true, description: 'A running deadline ends before this.' })
  @IsOptional()
  dueBefore?: string | null
  @Field(() => InstantScalar, { nullable: true, description: 'Last activity behind this.' })
  @IsOptional()
  updatedAfter?: string | null
  @Field(() => [OverlayEnum], { nullable: true, description: 'One of these stands beside the status, at most 100; refused in feeds of status changes.' })
  @IsOptional() @ArrayMaxSize(100)
  overlays?: Overlay[] | null
}
