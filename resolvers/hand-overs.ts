// What one shift of a desk leaves to the next: a note, open items, promised actions; and whom urgent notices are addressed to.
import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Authorized, Ctx, FieldResolver, ID, Info, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql'
import { ContactPoint } from '../schema/authority'
import { AcknowledgeHandOverInput, Addressee, HandOver, HandOverChanged, HandOverPayload, HandOverShiftInput } from '../schema/duty'
import { CursorScalar } from '../schema/scalars'
import { plain } from './acts'
import { pageSize } from './bounds'
import type { ContactPointRow, Context } from './context'
import { AFTER, feed } from './feeds'

@Resolver(() => Addressee)
export class AddresseeResolver {
  @FieldResolver(() => ContactPoint, { nullable: true })
  contactPoint(@Root() { contact }: { contact: string | null }, @Ctx() context: Context): Promise<ContactPointRow | null> {
    return contact === null ? Promise.resolve(null) : context.house.eventContact(context, { id: contact })
  }
}

@Resolver(() => HandOver)
export class HandOverResolver {
  @Authorized('SUBSCRIBE')
  @Query(() => HandOver, { nullable: true, description: 'One hand-over of the own authority; null where there is none of this id. Roles: those that read requests.' })
  handOver(@Ctx() context: Context, @Arg('id', () => ID, { description: 'Its id.' }) id: string, @Info() info: GraphQLResolveInfo): Promise<object | null> { return context.house.handOver(context, id, info) }

  @Authorized('SUBSCRIBE')
  @Query(() => [HandOver], { description: 'Hand-overs of the own authority, newest first. Roles: those that read requests.' })
  handOvers(
    @Ctx() context: Context, @Info() info: GraphQLResolveInfo,
    @Arg('contactPoint', () => ID, { nullable: true, description: 'Of one desk; without it, of all.' }) contactPoint: string | null,
    @Arg('open', () => Boolean, { nullable: true, description: 'true: not acknowledged yet; false: acknowledged; without it, both.' }) open: boolean | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20, description: 'How many, 1 to 100 (SYSTEM: 500).' }) first: number | null,
  ): Promise<object[]> { return context.house.handOvers(context, { contactPoint: contactPoint ?? null, open: open ?? null, first: pageSize(context, first ?? 20) }, info) }

  @Authorized('HAND_OVER')
  @Mutation(() => HandOverPayload, { description: 'Leaves a note to the next shift of a desk, with open items and promised actions. Roles: LIAISON, OFFICIAL. NOT_FOUND for a desk that is no own one in force and for a reference that does not exist for the viewer; IDEMPOTENCY_CONFLICT.' })
  handOverShift(@Ctx() context: Context, @Arg('input', () => HandOverShiftInput, { description: 'What is left.' }) input: HandOverShiftInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    const { contactPoint, note, openItems, promisedActions, idempotencyKey } = plain<HandOverShiftInput>(input)
    return context.house.handOverShift(context, { contactPoint, note, openItems: openItems ?? null, promisedActions: promisedActions ?? [], idempotencyKey: idempotencyKey ?? null, input: plain(input) }, info)
  }

  @Authorized('HAND_OVER')
  @Mutation(() => HandOverPayload, { description: 'Takes a hand-over, for the shift that begins; once taken it stays as it is. Roles: LIAISON, OFFICIAL; FORBIDDEN for the subject that left it. NOT_FOUND for an id that is none of the own authority.' })
  acknowledgeHandOver(@Ctx() context: Context, @Arg('input', () => AcknowledgeHandOverInput, { description: 'Which one.' }) input: AcknowledgeHandOverInput, @Info() info: GraphQLResolveInfo): Promise<object> {
    return context.house.acknowledgeHandOver(context, input.id, info)
  }
}

interface HandOverRoot { id: string }

@Resolver(() => HandOverChanged)
export class HandOverFeedResolver {
  @Authorized('SUBSCRIBE')
  @Subscription(() => HandOverChanged, {
    description: 'Hand-overs between shifts of the own authority\'s desks, as they are left and acknowledged. Roles: those that read requests. CURSOR_INVALID, CURSOR_EXPIRED end the stream.',
    subscribe: ({ args, context }) => feed(context, args, {
      filter: '', keys: ['hand-over'],
      accepts: ({ handOver }) => handOver !== undefined,
      root: (_, { cursor, handOver }) => ({ __typename: 'HandOverChanged', cursor, id: handOver?.id, at: handOver?.at, acknowledged: handOver?.acknowledged }),
    }),
  })
  handOverChanged(@Root() event: object, @Arg('after', () => CursorScalar, { nullable: true, description: AFTER }) _after: string | null): object { return event }

  @FieldResolver(() => HandOver)
  handOver(@Root() { id }: HandOverRoot, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<object | null> { return context.house.handOver(context, id, info) }
}
