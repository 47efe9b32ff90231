// Where a page stands in its list. Types alone, no behaviour.
import { Field, ObjectType } from 'type-graphql'
import { CursorScalar } from './scalars'

@ObjectType('PageInfo', { description: 'Where a page stands in its list.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether rows follow behind this page.' })
  hasNextPage!: boolean
  @Field(() => Boolean, { description: 'Whether the page was asked for with `after`, so that rows lie before it.' })
  hasPreviousPage!: boolean
  @Field(() => CursorScalar, { nullable: true, description: 'Cursor of the first row; null on an empty page.' })
  startCursor?: string | null
  @Field(() => CursorScalar, { nullable: true, description: 'Cursor of the last row, to be sent as `after`; null on an empty page.' })
  endCursor?: string | null
}
