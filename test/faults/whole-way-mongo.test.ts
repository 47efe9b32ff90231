// The same way as test/flows/whole-way.test.ts, with every house's store in MongoDB.
import { travelsTheWholeWay } from '../flows/whole-way'
import { describeWithMongo, ownMongo, ownMongoAvailable, type MongoServer } from '../support/mongo-server'
import { Trial } from '../support/trial'

describeWithMongo('one request goes its whole way between houses on MongoDB', () => {
  let server: MongoServer
  travelsTheWholeWay(async () => {
    server = await ownMongo()
    return Trial.make({ mongodb: server.uri })
  })
  afterAll(() => server.remove())
}, ownMongoAvailable)
