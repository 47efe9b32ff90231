// The MongoDB store, through Mongoose: one database a house, any number of its processes. Rests on single-document atomicity and
// unique indexes alone, so that it runs on a replica set, a sharded cluster and whatever else speaks the protocol.
import { Refusal } from '../refusal'
import { MongoDatabase, type MongoOptions } from './mongo-database'
import { MongoDocket } from './mongo-docket'
import { MongoDocuments } from './mongo-documents'
import { MongoLog } from './mongo-log'
import { checkMongoUri } from './mongo-uri'
import type { Store } from './store'
import { storable } from './text'

export { checkMongoUri } from './mongo-uri'
export type { MongoOptions } from './mongo-database'

const DATABASE = /^[A-Za-z0-9_-]{1,38}$/

/** Opens the store in a database of that server. Refused where the address asks for less than majority and journal, or no server answers. */
export async function openMongoStore(uri: string, database: string, options: MongoOptions = {}): Promise<Store> {
  checkMongoUri(uri)
  if (!DATABASE.test(database)) {
    throw new Refusal('BAD_USER_INPUT', 'The name of the database does not fit.', { path: 'database', hint: 'Use up to 38 letters, digits, _ and -.' })
  }
  const mongo = await MongoDatabase.connect(uri, database, options)
  return {
    exclusive: false,
    log: name => new MongoLog(mongo, storable(name, 'the name of a log')),
    documents: name => new MongoDocuments(mongo, storable(name, 'the name of a collection')),
    docket: new MongoDocket(mongo),
    ping: () => mongo.ping(),
    close: () => mongo.close(),
  }
}
