// A child process that appends to a log in a loop until it is killed, and says each acknowledged position on stdout. Where the store
// writes together, the last position is also kept beside the log.
// Arguments: embedded FOLDER | mongodb URI DATABASE.
import { openEmbeddedStore } from '../../src/store/embedded'
import { openMongoStore } from '../../src/store/mongo'
import type { Store } from '../../src/store/store'

const [kind, place = '', database = ''] = process.argv.slice(2)

async function main(): Promise<void> {
  const store: Store = kind === 'embedded' ? await openEmbeddedStore(place) : await openMongoStore(place, database)
  const log = store.log<{ text: string }>('ledger')
  const beside = store.documents<number>('beside')
  for (let last = await log.last(); ;) {
    const group = Array.from({ length: 1 + (last % 4) }, (_, index) => ({ seq: last + 1 + index, unique: `u/${last + 1 + index}`, ref: `R${last % 3}`, body: { text: `entry ${last + 1 + index}` } }))
    const [{ inserted }] = store.together ? await store.together(() => Promise.all([log.append(group), beside.put('last', last + group.length)])) : [await log.append(group)]
    last += inserted
    process.stdout.write(`${last}\n`)
  }
}

main().catch((error: unknown) => {
  // The connection keeps the process alive; what it had to say is said.
  process.stderr.write(`${String(error)}\n`, () => process.exit(1))
})
