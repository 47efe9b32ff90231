// One slot for each store that was asked. Types alone, no behaviour.
import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { Reachability } from '../src/domain/vocabulary'
import { ReachabilityEnum } from './enums'
import { InstantScalar } from './scalars'

@ObjectType('Source', { description: 'One slot for each authority that was asked: an unreachable one is named, never silently missing.' })
export class Source {
  @Field(() => ID, { description: 'Id of the authority.' })
  authority!: string
  @Field(() => ReachabilityEnum, { description: 'Whether it answered.' })
  state!: Reachability
  @Field(() => Int, { description: 'Milliseconds until it answered or was given up, about 2,000 at most; 0 where it was not asked now: it gave no answer three times in a row, and another caller is waiting for its next one.' })
  tookMs!: number
  @Field(() => InstantScalar, { nullable: true, description: 'The state of its store that was told; null where it did not answer.' })
  asOf?: string | null
  @Field(() => String, { nullable: true, description: 'Why there is no answer of it, one word of a closed list: BAD_ANSWER = what it said was not an answer to the question; NOT_VOUCHED_FOR = it showed a request of which your own authority\'s node knows nothing there. Null where it answered. For whoever may see the page.' })
  reason?: string | null
}
