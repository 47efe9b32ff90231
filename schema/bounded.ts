// Upper bounds of text at the schema, and what no text may hold: half a character, control characters, blanks alone where something must stand.
import { ValidateBy, type ValidationOptions } from 'class-validator'

const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

/** `least` 1: not blank. `each` judges every entry of a list. */
export function Bounded(least: 0 | 1, most: number, each = false): PropertyDecorator {
  const options: ValidationOptions = each ? { each } : {}
  return ValidateBy({
    name: 'bounded',
    validator: {
      validate: (value: unknown): boolean => value === null || value === undefined || (typeof value === 'string' && fits(value, least, most)),
      defaultMessage: () => `Text of ${least} to ${most} characters, well-formed, without control characters${least > 0 ? ', not blank' : ''}.`,
    },
  }, options)
}

const fits = (text: string, least: number, most: number): boolean =>
  text.length <= most && (least === 0 || text.trim().length >= least) && text.isWellFormed() && !CONTROL.test(text)
