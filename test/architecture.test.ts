// The rules of the house as a failing test, each with its reason (docs/inside.md, "Rooms").
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

const root = join(__dirname, '..')
const ROOMS = ['src/domain', 'src/wire', 'src/ledger', 'src/store', 'src/peer', 'src/live', 'src/client', 'src/register', 'src/door', 'src/access', 'src/node', 'src/hub', 'src/cli', 'schema', 'resolvers'] as const
type Room = (typeof ROOMS)[number]

/** What a room may import besides itself and src/refusal. */
const MAY: Record<Room, { rooms: readonly string[]; because: string }> = {
  'src/domain': { rooms: [], because: 'rules are pure: no store, no clock, no network can change what the law says' },
  'src/wire': { rooms: ['src/domain/vocabulary', 'src/domain/request'], because: 'a seal sees bytes and names, never a rule' },
  'src/ledger': { rooms: ['src/store/store'], because: 'a log knows positions and digests, not what an entry means' },
  'src/store': { rooms: ['src/domain'], because: 'a store keeps rows and documents of the domain, through the port alone' },
  'src/peer': { rooms: [], because: 'a line to another house knows neither what is asked nor who asks' },
  'src/live': { rooms: ['src/peer/retry'], because: 'fanning out knows positions and desks, neither what a line means nor how it is sent' },
  'src/client': { rooms: [], because: 'a partner runs it without the rest: it knows the contract, none of our rooms' },
  'src/register': { rooms: ['src/domain'], because: 'rows come from files; what they mean is the domain\'s' },
  'src/door': { rooms: ['src/domain/viewer', 'src/domain/vocabulary', 'src/live', 'src/wire/strict-json', 'src/peer/trunk-frames'], because: 'the door knows who comes in and how much, not what for' },
  'src/access': { rooms: ['src/domain/viewer', 'src/domain/vocabulary', 'src/store/store', 'src/wire', 'src/door'], because: 'whether a right stands is asked alike in both houses, and knows nothing of requests' },
  'src/node': { rooms: ['src/domain', 'src/wire', 'src/ledger', 'src/store', 'src/peer', 'src/live', 'src/register', 'src/door', 'src/access', 'resolvers'], because: 'a node joins the rooms, but never the other house' },
  'src/hub': { rooms: ['src/domain', 'src/wire', 'src/ledger/doorbell', 'src/store', 'src/peer', 'src/live', 'src/register', 'src/door', 'src/access', 'resolvers'], because: 'the hub carries and asks: it has no ledger of its own, and never imports a node' },
  'src/cli': { rooms: ['src', 'resolvers'], because: 'the one room that knows both houses' },
  schema: { rooms: ['src/domain'], because: 'types alone: what the world sees has no behaviour' },
  resolvers: { rooms: ['schema', 'src/domain', 'src/live/feed', 'src/live/heartbeats'], because: 'a resolver gets its house by context and never knows which' },
}

const files = (folder: string): string[] => readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile() && entry.name.endsWith('.ts')).map(entry => relative(root, join(entry.parentPath, entry.name)))

const importsOf = (file: string): string[] => [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)]
  .map(([, path = '']) => relative(root, resolve(root, dirname(file), path)).replace(/\.js$/, ''))

const roomOf = (path: string): Room | undefined => ROOMS.find(room => path === room || path.startsWith(`${room}/`))
const isWithin = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`)

describe('the rooms', () => {
  it.each(ROOMS)('%s imports only what it may', room => {
    const wrong = files(room).flatMap(file => importsOf(file).filter(path => path !== 'src/refusal' && !isWithin(path, room) && !MAY[room].rooms.some(place => isWithin(path, place))).map(path => `${file} → ${path}`))
    expect({ wrong, because: MAY[room].because }).toEqual({ wrong: [], because: MAY[room].because })
  })

  it('hub and node never import each other: they are two wirings, and a state need not run the secretariat\'s code', () => {
    const crossing = [...files('src/hub').flatMap(file => importsOf(file).filter(path => roomOf(path) === 'src/node')), ...files('src/node').flatMap(file => importsOf(file).filter(path => roomOf(path) === 'src/hub'))]
    expect(crossing).toEqual([])
  })

  it('the hub does not decide: it never imports the lifecycle\'s decisions', () => {
    expect(files('src/hub').flatMap(file => importsOf(file).filter(path => path === 'src/domain/decide' || path === 'src/domain/evolve'))).toEqual([])
  })
})

describe('the domain is pure', () => {
  it.each([
    [/\bDate\.now\b|\bnew Date\(\)/, 'time comes in as `now`: a decision made again must come out the same'],
    [/\bMath\.random\b|\brandomUUID\b|\brandomBytes\b/, 'chance comes in from outside'],
    [/\bawait\b|\basync\b/, 'a rule waits for nothing'],
  ])('%s stands nowhere in src/domain', (pattern, because) => {
    const found = files('src/domain').filter(file => pattern.test(readFileSync(join(root, file), 'utf8')))
    expect({ found, because }).toEqual({ found: [], because })
  })
})

describe('the store', () => {
  const text = (file: string): string => readFileSync(join(root, file), 'utf8')
  const holding = (pattern: RegExp, folder = 'src', but: readonly string[] = []): string[] => files(folder).filter(file => !but.includes(file) && pattern.test(text(file)))

  it('docket reads outside the stores go through a scope: raw models and tables stay behind the port', () => {
    expect(files('src').filter(file => !file.startsWith('src/store/') && /from '(mongoose|lmdb)'/.test(text(file)))).toEqual([])
  })

  it('no room but the one that opens stores reaches behind the port', () => {
    const PORT = ['src/store/store', 'src/store/mongo', 'src/store/embedded', 'src/store/mongo-uri']
    const behind = [...files('src'), ...files('resolvers')].filter(file => !file.startsWith('src/store/')).flatMap(file => importsOf(file).filter(path => path.startsWith('src/store/') && !(path === 'src/store/store' || (file.startsWith('src/cli/') && PORT.includes(path)))).map(path => `${file} → ${path}`))
    expect(behind).toEqual([])
  })

  it('a row rule is made in one place of the port, and a row filter in one place of the adapter: nobody casts to either', () => {
    expect(holding(/\bas (unknown as )?Scope\b/, 'src', ['src/store/store.ts'])).toEqual([])
    expect(holding(/\bas (unknown as )?RowFilter\b/, 'src', ['src/store/mongo-row-filter.ts'])).toEqual([])
  })

  it('the wide rule of the house itself is for its own work alone: no answer to a viewer reads by it', () => {
    const WORK = ['src/store/store.ts', /* folds entries */ 'src/node/docket.ts', /* the timer */ 'src/node/server.ts', /* a median over all acknowledgements, shown to all */ 'src/node/house.ts']
    expect(holding(/\bscopedToHouse\(/, 'src', WORK)).toEqual([])
    expect(text('src/node/house.ts').match(/\bscopedToHouse\(/g)).toHaveLength(1)
  })

  it('rows are read from MongoDB by a row filter alone, and from the embedded store by one function that judges each', () => {
    const reads = /\.(find|findOne|findById|countDocuments|estimatedDocumentCount|aggregate|distinct|exists|where|findOneAnd\w+)\(/g
    // The one read beside it asks which of our own writes a newer row stands before: positions, never a row.
    expect(text('src/store/mongo-docket.ts').match(reads)).toEqual(['.find('])
    expect(text('src/store/mongo-docket.ts')).toMatch(/model\.find\(\{ _id: ids \}, \{ seq: 1 \}\)/)
    expect(holding(/\.model\('docket'/, 'src', ['src/store/mongo-docket.ts'])).toEqual([])
    expect(holding(/table\('(rows|facts)'\)/, 'src', ['src/store/embedded-docket.ts'])).toEqual([])
    expect(text('src/store/embedded-docket.ts').match(/table\('rows'\)\.get\(/g)).toHaveLength(1)
  })

  it('code never runs inside a database, and nothing follows a name into another collection', () => {
    expect(holding(/\$where|\$function|\$accumulator|\.populate\(|mapReduce/)).toEqual([])
  })
})

describe('what a reader can take in at one go', () => {
  const LONG: readonly string[] = ['schema/enums.ts']
  it('no file of src, schema or resolvers has more than 400 lines but those that are lists', () => {
    const long = ['src', 'schema', 'resolvers'].flatMap(files).filter(file => readFileSync(join(root, file), 'utf8').split('\n').length > 400 && !LONG.includes(file))
    expect(long).toEqual([])
  })
})
