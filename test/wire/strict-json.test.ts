// The strict parser: what JSON.parse would quietly bend is refused, and nothing that was read is echoed.
import fc from 'fast-check'
import { parseStrictJson } from '../../src/wire/strict-json'
import { refusalOf } from './forge'
import { plainJson } from './values'

const nested = (depth: number, open = '[', close = ']'): string => open.repeat(depth) + close.repeat(depth)

test('a reader gets from sound JSON what JSON.parse gives', () => {
  fc.assert(fc.property(plainJson, fc.constantFrom(0, 1, '\t'), (value, indent) => {
    const text = JSON.stringify(value, null, indent)
    expect(parseStrictJson(text)).toEqual(JSON.parse(text))
  }), { numRuns: 500 })
})

test('a reader never gets what JSON.parse would refuse', async () => {
  await fc.assert(fc.asyncProperty(fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '1', '-', 'e', '.', '\\', 'a', ' ', 'true', 'null', '"a":'), maxLength: 14 }), async text => {
    let sound = true
    try { JSON.parse(text) } catch { sound = false }
    if (!sound) expect((await refusalOf(() => parseStrictJson(text))).code).toBe('BAD_REQUEST')
  }), { numRuns: 3_000 })
})

test.each([
  ['an empty text', ''], ['a truncated object', '{"a":1'], ['an open string', '"secret'], ['a bad escape', '"\\x"'], ['an open escape', '"\\'], ['two values', '{} {}'], ['a comment', '{/*secret*/}'], ['single quotes', "{'a':1}"],
  ['a byte order mark', '\ufeff{}'], ['a key twice', '{"query":1,"secret":2,"query":3}'], ['a key twice, once escaped', '{"a":1,"\\u0061":2}'], ['a key twice further in', '{"x":[{"b":{},"b":{}}]}'],
  ['a key twice around a nested object that has it too', '{"a":{"a":1},"a":2}'], ['a key twice with space before the colon', '{"a" :1,"a"\n:2}'],
  ['__proto__ as a key', '{"__proto__":{"polluted":1}}'], ['__proto__ in escapes', '{"a":{"__pro\\u0074o__":1}}'], ['constructor.prototype', '{"constructor":{"prototype":{"polluted":1}}}'],
  ['constructor.prototype in escapes', '{"\\u0063onstructor":{"x":1,"proto\\u0074ype":1}}'],
  ['a lone high surrogate', '"\ud800"'], ['a lone low surrogate, escaped', '{"a":"\\udc00"}'], ['surrogates in the wrong order, escaped', '"\\udc00\\ud800"'], ['a lone surrogate in a key', '{"\\ud800":1}'],
  ['an integer that a double rounds', '[9007199254740993]'], ['the same with a fraction of nothing', '9007199254740993.0'], ['the same with an exponent', '{"a":1e16}'], ['a negative one', '-9007199254740992'],
  ['a number out of range', '1e400'], ['minus nothing', '[-0]'], ['minus nothing with a fraction', '-0.0'], ['minus next to nothing', '-1e-400'], ['a number with a leading zero', '01'], ['a bare minus', '-'], ['hexadecimal', '0x10'], ['NaN', 'NaN'],
  ['65 lists inside each other', nested(65)], ['100,000 lists inside each other', nested(100_000)], ['objects nested beyond the bound', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`], ['lists that only open', '['.repeat(100_000)],
])('%s is refused without an echo', async (_, text) => {
  const { code, message, facts } = await refusalOf(() => parseStrictJson(text))
  expect(code).toBe('BAD_REQUEST')
  expect(`${message} ${JSON.stringify(facts)}`).not.toMatch(/secret|query|polluted|proto|9007/)
})

test.each([
  ['64 lists inside each other', nested(64), {}], ['a key twice in two different objects', '[{"a":1},{"a":2}]', {}], ['a text that looks like a key twice', '["a","a",{"a":"a"}]', {}], ['quotes and braces in texts', '{"a":"\\"}{\\\\"}', {}],
  ['constructor alone, as an alias may be called', '{"constructor":{"name":"x"},"prototype":1}', {}], ['the largest safe integer', '9007199254740991', {}], ['a large integer that a schema judges', '99999999999999999999', { safeIntegers: false }],
  ['a pair of surrogates, escaped', '"\\ud83d\\ude00"', {}], ['space of all kinds', ' \t\r\n{ "a" : [ 1 , 2 ] } ', {}],
])('%s is taken', (_, text, bounds) => expect(parseStrictJson(text, bounds)).toEqual(JSON.parse(text)))

test('what is read cannot reach a prototype', () => {
  const read = parseStrictJson('{"constructor":{"name":"x"}}') as object
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

test('a text beyond the bound is refused by its bytes, not its characters', async () => {
  expect((await refusalOf(() => parseStrictJson('"ééééé"', { maxBytes: 11 }))).code).toBe('PAYLOAD_TOO_LARGE')
  expect(parseStrictJson('"ééééé"', { maxBytes: 12 })).toBe('ééééé')
})

test.each([
  ['opening brackets', '['.repeat(1_000_000)], ['digits', '1'.repeat(1_000_000)], ['space behind keys', `{${Array.from({ length: 1_000 }, (_, i) => `"${i}"${' '.repeat(990)}:1`).join(',')}}`], ['backslashes', `"${'\\'.repeat(999_998)}"`],
  ['different keys', `{${Array.from({ length: 80_000 }, (_, i) => `"${i}":1`).join(',')}}`],
])('a megabyte of %s is judged in time that grows with its length alone', (_, text) => {
  const began = performance.now()
  try { parseStrictJson(text) } catch { /* either way, but soon */ }
  expect(performance.now() - began).toBeLessThan(3_000)
})
