// How many streams a token and an address hold, and how fast new ones are let in: rules alone, by a clock of the test.
import { addressOf, Admission, OpenStreams, streamsOfAddresses, streamsOfTokens } from '../../src/door/streams'
import { Refusal } from '../../src/refusal'

const refusedBy = (take: () => unknown): string | null => {
  try { take() } catch (thrown) { return (thrown as Refusal).code }
  return null
}

describe('open streams', () => {
  it.each([['a token', streamsOfTokens, 20_000], ['an address', streamsOfAddresses, 2_000]] as const)('of %s are bounded, and those of its neighbours are not counted', (_, make, most) => {
    const streams = make()
    for (let i = 0; i < most; i++) streams.take('one')
    expect(refusedBy(() => streams.take('one'))).toBe('RATE_LIMITED')
    expect(refusedBy(() => streams.take('other'))).toBeNull()
  })

  it('a place that is given back can be taken again, once', () => {
    const streams = new OpenStreams(2, 'It')
    const giveBack = streams.take('one')
    streams.take('one')
    giveBack()
    giveBack()
    streams.take('one')
    expect(refusedBy(() => streams.take('one'))).toBe('RATE_LIMITED')
  })

  it('of this machine are not counted by address', () => {
    expect(['127.0.0.1', '::1', '::ffff:127.0.0.1', '::ffff:203.0.113.7', '203.0.113.7'].map(addressOf)).toEqual([null, null, null, '203.0.113.7', '203.0.113.7'])
  })
})

describe('admission after a restart', () => {
  it('lets 2,000 in at once, the rest in their turn, and turns away who would wait over 15 s', async () => {
    const admission = new Admission(() => 0)
    const entered = await Promise.all(Array.from({ length: 2_001 }, () => admission.enter()))
    expect(new Set(entered)).toEqual(new Set([true]))
    const later = Array.from({ length: 15_001 }, () => admission.enter())
    expect(await later.at(-1)).toBe(false)
  })
})
