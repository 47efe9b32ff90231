// What every act names. Types alone, no behaviour.
import { IsOptional, Max, Min } from 'class-validator'
import { Field, InputType, Int } from 'type-graphql'
import { Bounded } from './bounded'

@InputType({ description: 'What every act names.' })
export abstract class ActInput {
  @Field(() => String, { description: 'The request.' })
  @Bounded(1, 64)
  reference!: string
  @Field(() => Int, { description: 'The version that the caller saw; another one is VERSION_CONFLICT.' })
  @Min(1) @Max(1_000_000)
  expectedVersion!: number
  @Field(() => String, { nullable: true, description: '1 to 200 characters; repeating a call with the same key returns the request as it is now and does nothing.' })
  @IsOptional() @Bounded(1, 200)
  idempotencyKey?: string | null
}
