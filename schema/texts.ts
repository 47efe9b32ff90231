// Fields of text with their upper bound, said once: the decorator checks what its description promises. No behaviour.
import { ArrayMaxSize, IsOptional } from 'class-validator'
import { Field } from 'type-graphql'
import { Bounded } from './bounded'

const NAME = 200
const PROSE = 20_000

const counted = (most: number): string => most.toLocaleString('en-US')

const joined = (...decorators: readonly PropertyDecorator[]): PropertyDecorator => (target, key) => { for (const decorate of decorators) decorate(target, key) }

const text = (most: number, what: string): PropertyDecorator => joined(Field(() => String, { description: `${what}; at most ${counted(most)} characters.` }), Bounded(0, most))

const optionalText = (most: number, what: string): PropertyDecorator =>
  joined(Field(() => String, { nullable: true, description: `${what}; at most ${counted(most)} characters, null where not said.` }), IsOptional(), Bounded(0, most))

const texts = (most: number, what: string): PropertyDecorator =>
  joined(Field(() => [String], { description: `${what}; at most 100, each at most ${counted(most)} characters.` }), ArrayMaxSize(100), Bounded(0, most, true))

const optionalTexts = (most: number, what: string): PropertyDecorator =>
  joined(Field(() => [String], { nullable: true, description: `${what}; at most 100, each at most ${counted(most)} characters, null where not said.` }), IsOptional(), ArrayMaxSize(100), Bounded(0, most, true))

export const Name = (what: string): PropertyDecorator => text(NAME, what)
export const OptionalName = (what: string): PropertyDecorator => optionalText(NAME, what)
export const Names = (what: string): PropertyDecorator => texts(NAME, what)
export const OptionalNames = (what: string): PropertyDecorator => optionalTexts(NAME, what)
export const Prose = (what: string): PropertyDecorator => text(PROSE, what)
export const OptionalProse = (what: string): PropertyDecorator => optionalText(PROSE, what)
export const OptionalProses = (what: string): PropertyDecorator => optionalTexts(PROSE, what)

/** A code of a list of the register; which, the description says. */
export const Coded = (what: string): PropertyDecorator => text(64, what)
export const OptionalCoded = (what: string): PropertyDecorator => optionalText(64, what)
export const OptionalCodes = (what: string): PropertyDecorator => optionalTexts(64, what)
