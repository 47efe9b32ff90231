// What the requested side found when it tested double criminality. Types alone, no behaviour.
import { Field } from 'type-graphql'
import type { TestResult } from '../src/domain/vocabulary'
import { Part } from './dossier-parts'
import { TestResultEnum } from './enums'
import { OptionalName, OptionalProse } from './texts'

@Part('DualCriminalityFinding', 'What the requested side found when it tested double criminality.')
export class DualCriminalityFinding {
  @Field(() => TestResultEnum, { description: 'The result.' }) result!: TestResult
  @OptionalName('Offence of the requested state that matches; needed where the result is MET') matchedOffence?: string | null
  @OptionalProse('Provision or reasons') note?: string | null
}
