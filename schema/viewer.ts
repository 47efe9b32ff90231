// Who the caller is. Types alone, no behaviour.
import { Field, ObjectType } from 'type-graphql'
import type { Act, Role } from '../src/domain/vocabulary'
import { ActEnum, RoleEnum } from './enums'
import { Authority } from './authority'

@ObjectType('Viewer', { description: 'Who the caller is.' })
export class Viewer {
  @Field(() => RoleEnum, { description: 'Role of the token; PUBLIC without one.' })
  role!: Role
  @Field(() => Authority, { nullable: true, description: 'The authority whose token it is; null for PUBLIC and for roles that the hub issues.' })
  authority?: Authority | null
  @Field(() => String, { nullable: true, description: 'The token\'s `sub`; null for PUBLIC.' })
  subject?: string | null
  @Field(() => [ActEnum], { description: 'Acts that the role may take at all; what is possible on one request stands in `Request.availableActs`.' })
  acts!: Act[]
}
