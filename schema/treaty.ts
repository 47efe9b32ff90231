// The register as the world sees it. Types alone, no behaviour.
import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { RequestKind } from '../src/domain/vocabulary'
import { RequestKindEnum } from './enums'
import { CountryCodeScalar, CursorScalar, LocalDateScalar } from './scalars'
import { Node } from './node'
import { PageInfo } from './page'

@ObjectType('Treaty', { description: 'An instrument of the register, with dates and source.', implements: [Node] })
export class Treaty {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string
  @Field(() => String, { description: 'Short code by which it is cited, `COE185`.' })
  code!: string
  @Field(() => String, { description: 'Title, shortened.' })
  title!: string
  @Field(() => String, { nullable: true, description: 'Number in its series; null where it has none.' })
  number?: string | null
  @Field(() => String, { description: 'What it is about; null where the register does not say.' })
  subject!: string
  @Field(() => String, { nullable: true, description: 'Who keeps it; null where there is none or it is not known.' })
  depositary?: string | null
  @Field(() => LocalDateScalar, { nullable: true, description: 'Day of signature or adoption; null where not known.' })
  signedOn?: string | null
  @Field(() => String, { nullable: true, description: 'Place of signature or adoption; null where not known.' })
  signedIn?: string | null
  @Field(() => LocalDateScalar, { nullable: true, description: 'First day of force; null where not in force or not known.' })
  inForceOn?: string | null
  @Field(() => LocalDateScalar, { nullable: true, description: 'Last day of force; null where it goes on.' })
  endsOn?: string | null
  @Field(() => LocalDateScalar, { nullable: true, description: 'Day by which it is to be reviewed; null without one.' })
  reviewOn?: string | null
  @Field(() => [RequestKindEnum], { description: 'Kinds of request that it covers.' })
  kinds!: RequestKind[]
  @Field(() => Boolean, { description: 'Whether requests must pass central authorities.' })
  centralAuthorityRequired!: boolean
  @Field(() => String, { nullable: true, description: 'Channel for urgent cases, in words; null where it names none.' })
  urgentChannel?: string | null
  @Field(() => String, { nullable: true, description: 'Language rule, in words; null where it has none.' })
  languageRule?: string | null
  @Field(() => String, { description: 'Where the row was found.' })
  source!: string
  @Field(() => LocalDateScalar, { description: 'Day as of which the row was written.' })
  asOf!: string
  @Field(() => Boolean, { description: 'Whether the instrument\'s own facts were checked at their source; parties and statements carry flags of their own.' })
  verified!: boolean
  @Field(() => [String], { description: 'Which of the row\'s own fields were not checked where others were; empty where `verified` says it all.' })
  unverified!: string[]
  @Field(() => String, { nullable: true, description: 'What else is known, and what is not; null without.' })
  note?: string | null
}

@ObjectType('TreatyParty', { description: 'A state that is or was party to an instrument.' })
export class TreatyParty {
  @Field(() => CountryCodeScalar, { description: 'The state.' })
  state!: string
  @Field(() => LocalDateScalar, { nullable: true, description: 'First day on which it binds the state. Null: party, day not known.' })
  inForceOn?: string | null
  @Field(() => LocalDateScalar, { nullable: true, description: 'Last day on which it binds; null where it goes on.' })
  endsOn?: string | null
  @Field(() => String, { nullable: true, description: 'What else is known; null without.' })
  note?: string | null
  @Field(() => [TreatyStatement], { description: 'Reservations, declarations and the like.' })
  statements!: TreatyStatement[]
  @Field(() => Boolean, { description: 'Whether the date was checked at its source.' })
  verified!: boolean
  @Field(() => LocalDateScalar, { nullable: true, description: 'Day as of which the row was written; null where a sent request kept the row without it.' })
  asOf?: string | null
  @Field(() => String, { description: 'Where it was found.' })
  source!: string
}

@ObjectType('TreatyStatement', { description: 'A reservation, declaration or notification of a party.' })
export class TreatyStatement {
  @Field(() => String, { description: 'RESERVATION, DECLARATION or another word of the depositary.' })
  kind!: string
  @Field(() => String, { nullable: true, description: 'Article that it is about; null where it is general.' })
  article?: string | null
  @Field(() => String, { description: 'What it says, shortened.' })
  text!: string
  @Field(() => LocalDateScalar, { nullable: true, description: 'First day; null where not known.' })
  from?: string | null
  @Field(() => LocalDateScalar, { nullable: true, description: 'Last day; null where it goes on.' })
  until?: string | null
  @Field(() => String, { description: 'Where it was found.' })
  source!: string
  @Field(() => Boolean, { description: 'Whether it was checked at its source.' })
  verified!: boolean
  @Field(() => LocalDateScalar, { nullable: true, description: 'Day as of which the row was written; null where a sent request kept the row without it.' })
  asOf?: string | null
}

@ObjectType('TreatyConnection', { description: 'A page of treaties, by code.' })
export class TreatyConnection {
  @Field(() => [TreatyEdge], { description: 'Rows with their cursors.' })
  edges!: TreatyEdge[]
  @Field(() => [Treaty], { description: 'The rows alone.' })
  nodes!: Treaty[]
  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo
  @Field(() => Int, { description: 'Number of all that fit, over all pages.' })
  totalCount!: number
}

@ObjectType('TreatyEdge', { description: 'A row of a page.' })
export class TreatyEdge {
  @Field(() => Treaty, { description: 'The treaty.' })
  node!: Treaty
  @Field(() => CursorScalar, { description: 'Its place in the list.' })
  cursor!: string
}

@ObjectType('Code', { description: 'One code of a list, with its life.' })
export class Code {
  @Field(() => String, { description: 'The code as it is sent.' })
  code!: string
  @Field(() => String, { description: 'What it means.' })
  text!: string
  @Field(() => String, { nullable: true, description: 'More words; null without.' })
  explanation?: string | null
  @Field(() => String, { nullable: true, description: 'Legal source; null without.' })
  source?: string | null
  @Field(() => LocalDateScalar, { nullable: true, description: 'First day; null where it always stood.' })
  from?: string | null
  @Field(() => LocalDateScalar, { nullable: true, description: 'Last day; null where it stands.' })
  until?: string | null
  @Field(() => String, { nullable: true, description: 'Its successor; null without.' })
  replacedBy?: string | null
  @Field(() => Boolean, { description: 'Whether the code was checked at its source.' })
  verified!: boolean
  @Field(() => LocalDateScalar, { description: 'Day as of which the row was written.' })
  asOf!: string
}
