// Editions of the register: what a house has, and what the secretariat publishes. Types alone, no behaviour.
import { ArrayMaxSize, ValidateNested } from 'class-validator'
import { Field, InputType, Int, ObjectType } from 'type-graphql'
import { Bounded } from './bounded'
import { LocalDateScalar } from './scalars'

@ObjectType('RegisterEdition', { description: 'A version of the register that this house has.' })
export class RegisterEdition {
  @Field(() => Int, { description: 'Its version.' })
  version!: number
  @Field(() => LocalDateScalar, { description: 'The day as of which its rows speak.' })
  asOf!: string
  @Field(() => LocalDateScalar, { nullable: true, description: 'The day from which it applies; null for the one that came with the installation.' })
  appliesFrom!: string | null
}

@InputType('RegisterFileInput', { description: 'A file of the register, whole.' })
export class RegisterFileInput {
  @Field(() => String, { description: 'Name as under seeds/register, 1 to 100 characters: `instruments/EIO.json`.' })
  @Bounded(1, 100)
  name!: string
  @Field(() => String, { description: 'Its text, JSON, 1 to 200,000 characters.' })
  @Bounded(1, 200000)
  text!: string
}

@InputType('PublishRegisterInput', { description: 'Changed files over the newest edition.' })
export class PublishRegisterInput {
  @Field(() => Int, { description: 'Version of the newest edition, over which the change was made.' })
  expectedVersion!: number
  @Field(() => LocalDateScalar, { description: 'The day from which it applies: today or later.' })
  appliesFrom!: string
  @Field(() => [RegisterFileInput], { description: 'Changed and new files, at most 100, `register.json` with the next version among them.' })
  @ArrayMaxSize(100) @ValidateNested({ each: true })
  files!: RegisterFileInput[]
}
