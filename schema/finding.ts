// A fault of a draft. Types alone, no behaviour.
import { Field, ObjectType } from 'type-graphql'
import type { Severity } from '../src/domain/vocabulary'
import { SeverityEnum } from './enums'

@ObjectType('Finding', { description: 'A fault of a draft, or what the record of a request lacks: where, what, and how to mend it.' })
export class Finding {
  @Field(() => SeverityEnum, { description: 'FAULT bars sending, WARNING does not.' })
  severity!: Severity
  @Field(() => String, { description: 'Where it is, from the draft (`dossier.facts`) or the request (`decision`).' })
  path!: string
  @Field(() => String, { description: 'Stable code of the rule.' })
  code!: string
  @Field(() => String, { description: 'What is wrong.' })
  message!: string
  @Field(() => String, { description: 'How to mend it.' })
  hint!: string
  @Field(() => String, { nullable: true, description: 'Rule of law behind it, or the form that asks for the field; null where neither does.' })
  source?: string | null
}
