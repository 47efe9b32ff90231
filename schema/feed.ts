// Events of the live feeds. Types alone, no behaviour.
import { Field, Int, ObjectType } from 'type-graphql'
import type { RequestStatus, Side, UrgentCause } from '../src/domain/vocabulary'
import { RequestStatusEnum, SideEnum, UrgentCauseEnum } from './enums'
import { CursorScalar, InstantScalar } from './scalars'
import { Resumable } from './node'
import { Request } from './request'
import { PageInfo } from './page'
import { ContactPoint } from './authority'
import { Addressee } from './duty'

@ObjectType('StatusChanged', { description: 'One change of status. `version` is that of the request after it.', implements: [Resumable] })
export class StatusChanged {
  @Field(() => CursorScalar, { description: 'Position in the viewer\'s authority\'s ledger.' })
  cursor!: string
  @Field(() => Request, { description: 'The request when the event was sent: as of then or later.' })
  request!: Request
  @Field(() => Int, { description: 'Version after the change.' })
  version!: number
  @Field(() => RequestStatusEnum, { nullable: true, description: 'Status before; null for a new draft.' })
  from?: RequestStatus | null
  @Field(() => RequestStatusEnum, { description: 'Status after.' })
  to!: RequestStatus
  @Field(() => InstantScalar, { description: 'When it was decided.' })
  at!: string
  @Field(() => SideEnum, { description: 'Side that acted; HUB for delivery and expiry.' })
  by!: Side
}

@ObjectType('StatusChangedEdge', { description: 'A row of a page.' })
export class StatusChangedEdge {
  @Field(() => StatusChanged, { description: 'The event.' })
  node!: StatusChanged
  @Field(() => CursorScalar, { description: 'Its cursor.' })
  cursor!: string
}

@ObjectType('StatusChangedConnection', { description: 'A page of the past of `statusChanged`, oldest first.' })
export class StatusChangedConnection {
  @Field(() => [StatusChangedEdge], { description: 'Events with their cursors.' })
  edges!: StatusChangedEdge[]
  @Field(() => [StatusChanged], { description: 'The events alone.' })
  nodes!: StatusChanged[]
  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo
}

@ObjectType('UrgentNotice', { description: 'An urgent request that rings at the desk, or news of one.', implements: [Resumable] })
export class UrgentNotice {
  @Field(() => CursorScalar, { description: 'Position in the viewer\'s authority\'s ledger.' })
  cursor!: string
  @Field(() => Request, { description: 'The request when the notice was sent: as of then or later.' })
  request!: Request
  @Field(() => UrgentCauseEnum, { description: 'Why it rings.' })
  cause!: UrgentCause
  @Field(() => InstantScalar, { description: 'When it happened.' })
  at!: string
  @Field(() => InstantScalar, { nullable: true, description: 'Earliest running deadline; null without one.' })
  respondBy?: string | null
  @Field(() => Addressee, { nullable: true, description: 'The desk that it is addressed to: for RECEIVED, DUE_SOON and OVERDUE the first of the duty roster, for ESCALATED the next rung; null for the other causes.' })
  addressee?: Addressee | null
  @Field(() => String, { nullable: true, description: 'Why the urgency was changed; null for the causes other than RAISED and LOWERED, and for those who may know of the request but not read it.' })
  reason?: string | null
}

@ObjectType('ContactPointChanged', { description: 'A contact point was published, changed or retired.', implements: [Resumable] })
export class ContactPointChanged {
  @Field(() => CursorScalar, { description: 'Position in the viewer\'s authority\'s ledger.' })
  cursor!: string
  @Field(() => ContactPoint, { description: 'The contact point as published, or as it last stood.' })
  contactPoint!: ContactPoint
  @Field(() => Boolean, { description: 'Whether it is in force no more.' })
  retired!: boolean
}
