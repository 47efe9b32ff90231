// Any value that the wire carries: plain JSON, numbers that a double keeps, no key that reaches a prototype.
import fc from 'fast-check'

const text = fc.string({ unit: fc.oneof(fc.constantFrom('"', '\\', '\n', '{', ':', '\u2028', 'é', 'e\u0301', '\u{1f600}', '\u0000'), fc.string({ minLength: 1, maxLength: 1 })), maxLength: 12 })
const key = text.filter(each => each !== '__proto__' && each !== 'prototype')
const number = fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }).filter(each => !Object.is(each, -0) && (!Number.isInteger(each) || Number.isSafeInteger(each))))

export const plainJson: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.constant(null), fc.boolean(), number, text, fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true })),
})).value
