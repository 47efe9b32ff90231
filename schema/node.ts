// What has an id, and what has a position. Types alone, no behaviour.
import { Field, ID, InterfaceType } from 'type-graphql'
import { CursorScalar } from './scalars'

@InterfaceType('Node', { description: 'Anything with a global id that `node(id:)` answers.', resolveType: (value: { __typename: string }) => value.__typename })
export abstract class Node {
  @Field(() => ID, { description: 'Opaque global id; clients store it and send it back, never read it.' })
  id!: string
}

@InterfaceType('Resumable', { description: 'An event with its position: resume behind it with `after`.', resolveType: (value: { __typename: string }) => value.__typename })
export abstract class Resumable {
  @Field(() => CursorScalar, { description: 'Position of the event in the viewer\'s authority\'s ledger, sealed by its node.' })
  cursor!: string
}
