// Canonical JSON and salted digests: one value, one text; what JSON would bend is refused.
import fc from 'fast-check'
import { canonical, contentDigest, isSalt, sealContent, sha256Hex } from '../../src/wire/canonical'
import { parseStrictJson } from '../../src/wire/strict-json'
import { Fault } from '../../src/refusal'
import { plainJson } from './values'

const cyclic: unknown[] = []
cyclic.push(cyclic)
class Dossier { facts = 'x' }

describe('one value has one text', () => {
  it.each<[string, unknown, string]>([
    ['keys in UTF-16 order, whatever order they came in', { b: 1, a: 2, '10': 3, '9': 4, A: 5 }, '{"10":3,"9":4,"A":5,"a":2,"b":1}'],
    ['keys beyond the basic plane before those at its end', { '\ufb33': 1, '\u{1f600}': 2 }, '{"\u{1f600}":2,"\ufb33":1}'],
    ['nested lists and objects', { z: [1, { y: null, x: [] }], a: {} }, '{"a":{},"z":[1,{"x":[],"y":null}]}'],
    ['numbers as ECMAScript writes them', [0, 1.5, 1e-7, 123456789012, 0.1 + 0.2, Number.MAX_SAFE_INTEGER], '[0,1.5,1e-7,123456789012,0.30000000000000004,9007199254740991]'],
    ['control characters escaped, others as they are', '\u0000\n\u2028é\u202e"', '"\\u0000\\n\u2028é\u202e\\""'],
    ['a key without a value left out', { a: undefined, b: [] }, '{"b":[]}'],
    ['an object without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), '{"a":1}'],
    ['composed and decomposed letters apart', ['\u00e9', 'e\u0301'], '["\u00e9","e\u0301"]'],
  ])('%s', (_, value, text) => expect(canonical(value)).toBe(text))

  it('does not depend on the order in which keys were set', () => {
    fc.assert(fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.integer()), map => {
      const turned = Object.fromEntries(Object.entries(map).reverse())
      expect(canonical(turned)).toBe(canonical(map))
    }))
  })

  it('reads back as the same value, by the strict parser too', () => {
    fc.assert(fc.property(plainJson, value => {
      expect(parseStrictJson(canonical(value))).toEqual(value)
      expect(canonical(parseStrictJson(canonical(value)))).toBe(canonical(value))
    }), { numRuns: 500 })
  })
})

describe('what JSON would lose or bend is a fault', () => {
  it.each<[string, unknown]>([
    ['NaN', [NaN]], ['Infinity', { a: -Infinity }], ['-0', -0], ['an integer that a double rounds', 2 ** 53], ['an integer beyond any', 1e300],
    ['undefined', undefined], ['undefined in a list', [undefined]], ['a hole in a list', new Array<number>(2)], ['a lone surrogate', 'a\ud800'], ['a lone surrogate in a key', { '\udc00': 1 }],
    ['a date', new Date(0)], ['a map', new Map()], ['a class instance', new Dossier()], ['bytes', new Uint8Array(2)], ['a function', () => 1], ['a symbol', Symbol('x')], ['a big integer', 1n],
  ])('%s', (_, value) => expect(() => canonical(value)).toThrow(Fault))

  it('a value that holds itself ends in an error, not in a hang', () => expect(() => canonical(cyclic)).toThrow(RangeError))
})

describe('salted digests', () => {
  it('are SHA-256 over salt, dot and canonical body', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(sha256Hex(Buffer.from('abc'))).toBe(sha256Hex('abc'))
    expect(contentDigest('AAAAAAAAAAAAAAAAAAAAAA', { b: 1, a: 'x' })).toBe(sha256Hex('AAAAAAAAAAAAAAAAAAAAAA.{"a":"x","b":1}'))
  })

  it('differ for equal bodies, since each has its own salt', () => {
    const [one, other] = [sealContent({ note: 'yes' }), sealContent({ note: 'yes' })]
    expect(one.digest).not.toBe(other.digest)
    expect(contentDigest(one.salt, { note: 'yes' })).toBe(one.digest)
    expect([one, other].every(({ salt }) => isSalt(salt))).toBe(true)
  })

  it('take no salt with a dot, under which two bodies could share a digest', () => {
    expect(contentDigest('s', 1.5)).toBe(contentDigest('s.1', 5))
    for (const salt of ['s.1', '', 'A'.repeat(21), 'A'.repeat(23), `${'A'.repeat(21)}.`, 5, null, undefined]) expect(isSalt(salt)).toBe(false)
  })
})
