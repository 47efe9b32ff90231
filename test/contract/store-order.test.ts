// Order keys of the embedded docket: a mirrored instant sorts exactly the other way round.
import * as fc from 'fast-check'
import { mirrored } from '../../src/store/order'

const compared = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other))

test('of any two texts the later one mirrored sorts first, also where one begins as the other', () => {
  const text = fc.string({ unit: fc.constantFrom(...' ~09:TZ') })
  fc.assert(fc.property(text, text, (one, other) => { expect(compared(mirrored(one), mirrored(other))).toBe(compared(other, one)) }), { numRuns: 2_000 })
})

test.each(['\u0000', 'ü', '\u007f'])('a text with %j is no instant', hostile => { expect(() => mirrored(hostile)).toThrow('printable') })
