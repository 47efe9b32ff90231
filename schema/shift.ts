// Turns of duty as a contact point publishes them. Types alone, no behaviour.
import { ArrayMaxSize, ArrayMinSize, IsOptional, ValidateNested } from 'class-validator'
import { Field, InputType, ObjectType } from 'type-graphql'
import type { Weekday } from '../src/domain/vocabulary'
import { Bounded } from './bounded'
import { WeekdayEnum } from './enums'
import { LocalDateScalar, LocalTimeScalar } from './scalars'

@ObjectType('ShiftException', { description: 'A day on which a weekly turn of duty begins at other times, or not at all.' })
export class ShiftException {
  @Field(() => LocalDateScalar, { description: 'The day on which the turn would begin.' })
  on!: string
  @Field(() => LocalTimeScalar, { nullable: true, description: 'When it begins on that day; null: there is no turn.' })
  from?: string | null
  @Field(() => LocalTimeScalar, { nullable: true, description: 'When it ends, on the next day where that is not later than `from`; null: there is no turn.' })
  to?: string | null
}

@ObjectType('Shift', { description: 'A weekly turn of duty, in its own time zone; daylight saving is that of the zone.' })
export class Shift {
  @Field(() => [WeekdayEnum], { description: 'Days on which a turn begins.' })
  days!: Weekday[]
  @Field(() => LocalTimeScalar, { description: 'When it begins.' })
  from!: string
  @Field(() => LocalTimeScalar, { description: 'When it ends; on the next day where that is not later than `from`.' })
  to!: string
  @Field(() => String, { description: 'IANA time zone: `Europe/Paris`.' })
  timeZone!: string
  @Field(() => [ShiftException], { description: 'Days on which it is otherwise.' })
  exceptions!: ShiftException[]
}

@InputType('ShiftExceptionInput', { description: 'A day on which a weekly turn of duty begins at other times, or not at all.' })
export class ShiftExceptionInput {
  @Field(() => LocalDateScalar, { description: 'The day on which the turn would begin.' })
  on!: string
  @Field(() => LocalTimeScalar, { nullable: true, description: 'When it begins on that day; absent, with `to`: there is no turn.' })
  from?: string | null
  @Field(() => LocalTimeScalar, { nullable: true, description: 'When it ends, on the next day where that is not later than `from`.' })
  to?: string | null
}

@InputType('ShiftInput', { description: 'A weekly turn of duty.' })
export class ShiftInput {
  @Field(() => [WeekdayEnum], { description: 'Days on which a turn begins, 1 to 7.' })
  @ArrayMinSize(1) @ArrayMaxSize(7)
  days!: Weekday[]
  @Field(() => LocalTimeScalar, { description: 'When it begins.' })
  from!: string
  @Field(() => LocalTimeScalar, { description: 'When it ends; on the next day where that is not later than `from`.' })
  to!: string
  @Field(() => String, { description: 'IANA time zone: `Europe/Paris`. BAD_USER_INPUT for one that does not exist.' })
  @Bounded(1, 64)
  timeZone!: string
  @Field(() => [ShiftExceptionInput], { nullable: true, description: 'Days on which it is otherwise, at most 100; absent: none.' })
  @IsOptional() @ArrayMaxSize(100) @ValidateNested({ each: true })
  exceptions?: ShiftExceptionInput[] | null
}
