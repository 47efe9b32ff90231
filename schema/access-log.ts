// Who read what requests say. Types alone, no behaviour.
import { Field, Int, ObjectType } from 'type-graphql'
import type { Role } from '../src/domain/vocabulary'
import { Authority } from './authority'
import { RoleEnum } from './enums'
import { PageInfo } from './page'
import { CursorScalar, InstantScalar } from './scalars'

@ObjectType('AccessEntry', { description: 'One operation that read dossiers, decisions, results or notes at this authority\'s node. Role: AUDITOR of this authority.' })
export class AccessEntry {
  @Field(() => Int, { description: 'Position in the access log, from 1 without a hole; `comity verify` checks the chain.' })
  position!: number
  @Field(() => InstantScalar, { description: 'When it was put on record, before the answer left.' })
  at!: string
  @Field(() => Authority, { description: 'The reader\'s authority: the own one, or the partner whose node vouched for the reader.' })
  authority!: Authority
  @Field(() => String, { nullable: true, description: 'The reader\'s `sub`; null once it was deleted at the end of retention.' })
  subject?: string | null
  @Field(() => RoleEnum, { nullable: true, description: 'Role under which it was read; null once it was deleted at the end of retention.' })
  role?: Role | null
  @Field(() => [String], { description: 'References of the requests that were read, in order.' })
  references!: string[]
}

@ObjectType('AccessEdge', { description: 'A row of a page.' })
export class AccessEdge {
  @Field(() => AccessEntry, { description: 'The entry.' })
  node!: AccessEntry
  @Field(() => CursorScalar, { description: 'Its cursor in this list.' })
  cursor!: string
}

@ObjectType('AccessConnection', { description: 'A page of the access log, oldest first.' })
export class AccessConnection {
  @Field(() => [AccessEdge], { description: 'Entries with their cursors.' })
  edges!: AccessEdge[]
  @Field(() => [AccessEntry], { description: 'The entries alone.' })
  nodes!: AccessEntry[]
  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo
}
