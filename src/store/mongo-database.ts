// One Mongoose connection to one database: its models, what every operation asks of the server, and what its errors mean.
// Knows no entry, document or row.
import type { Connection, IndexDefinition, IndexOptions, Model, Mongoose, SchemaDefinition } from 'mongoose'
import { fault, Refusal } from '../refusal'

export interface MongoOptions {
  /** How long a server is looked for before STORE_UNAVAILABLE. */
  serverSelectionTimeoutMs?: number
  /** Sees every command as it is sent; for tests of what is asked of the server. */
  onCommand?: (name: string, command: Readonly<Record<string, unknown>>) => void
}

/** A write counts once a majority of the members has it in the journal; a read shows only what can not be rolled back. */
const FINAL = { writeConcern: { w: 'majority', j: true, wtimeoutMS: 10_000 }, readConcern: { level: 'majority' }, readPreference: 'primary' } as const
/** A server that holds the line but says nothing counts as gone after this long. */
const SILENCE_MS = 15_000
const SELECTION_MS = 3_000

/** Not able to write or to answer, for now: no primary, stepping down, shutting down, no majority in time, disk full. */
const UNAVAILABLE_CODES = new Set([6, 7, 50, 64, 79, 89, 91, 100, 189, 262, 9001, 10107, 11600, 11602, 13388, 13435, 13436, 14031])
/** A socket that breaks while something is written to it passes the driver as it is. */
const LOST_LINES = /^(EPIPE|ECONN\w+|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENETDOWN|ENOTFOUND|EAI_AGAIN)$/
const UNAVAILABLE_NAMES = /^(MongoNetwork|MongoServerSelection|MongooseServerSelection|MongoNotConnected|MongoTopologyClosed|MongoClientClosed|MongoConnectionPool|MongoPool|MongoExpiredSession|MongoWriteConcern|MongoOperationTimeout)/
const DUPLICATE = 11000

export class MongoDatabase {
  #open = true

  private constructor(private readonly mongoose: Mongoose, private readonly connection: Connection) {}

  static async connect(uri: string, database: string, options: MongoOptions): Promise<MongoDatabase> {
    const { default: mongoose } = await import('mongoose')
    const connection = mongoose.createConnection()
    connection.set('sanitizeFilter', true)
    connection.set('strictQuery', 'throw')
    const { onCommand, serverSelectionTimeoutMs = SELECTION_MS } = options
    // Watched before the first command is sent; without it, none would be published.
    const opened = connection.openUri(uri, {
      dbName: database, bufferCommands: false, autoIndex: false, autoCreate: false, monitorCommands: onCommand !== undefined,
      serverSelectionTimeoutMS: serverSelectionTimeoutMs, connectTimeoutMS: serverSelectionTimeoutMs, socketTimeoutMS: SILENCE_MS, ...FINAL,
    })
    await opened.catch(async (error: unknown) => { await connection.close(true); throw unavailable(error) })
    if (onCommand) connection.getClient().on('commandStarted', ({ commandName, command }) => onCommand(commandName, command))
    return new MongoDatabase(mongoose, connection)
  }

  /** Marks an operator as ours: unmarked ones in a filter are taken as plain values and fail the cast. */
  trusted<Operator extends object>(operator: Operator): Operator { return this.mongoose.trusted(operator) as Operator }

  model<Document>(collection: string, fields: SchemaDefinition, indexes: readonly [IndexDefinition, IndexOptions?][]): MongoTable<Document> {
    const known = this.connection.models[collection] as Model<Document> | undefined
    return new MongoTable(this, known ?? this.#define<Document>(collection, fields, indexes))
  }

  #define<Document>(collection: string, fields: SchemaDefinition, indexes: readonly [IndexDefinition, IndexOptions?][]): Model<Document> {
    const schema = new this.mongoose.Schema(fields, {
      collection, strict: 'throw', strictQuery: 'throw', versionKey: false, id: false, minimize: false, autoIndex: false, autoCreate: false, bufferCommands: false,
    })
    for (const [keys, options] of indexes) schema.index(keys, options)
    return this.connection.model<Document>(collection, schema as never)
  }

  /** Runs an operation; where the server is the reason that it fails, the refusal says so. */
  async reach<Result>(operation: () => Promise<Result>): Promise<Result> {
    if (!this.#open) throw new Refusal('STORE_UNAVAILABLE', 'The store is closed.', { hint: 'Open it again.' })
    try {
      return await operation()
    } catch (error) {
      throw isUnavailable(error) ? unavailable(error) : error
    }
  }

  async ping(): Promise<void> {
    await this.reach(async () => (this.connection.db ?? fault('a connection without its database')).command({ ping: 1 }))
  }

  async close(): Promise<void> {
    if (!this.#open) return
    this.#open = false
    await this.connection.close(true)
  }
}

/** One collection, its indexes made before it is first used. */
export class MongoTable<Document> {
  static readonly #indexed = new WeakMap<object, Promise<void>>()

  constructor(private readonly database: MongoDatabase, private readonly model: Model<Document>) {}

  async use<Result>(operation: (model: Model<Document>) => Promise<Result>): Promise<Result> {
    return this.database.reach(async () => {
      await this.#indexes()
      return operation(this.model)
    })
  }

  /** In their order; false where one of them was there already: those before it are written then. */
  insertNew(documents: readonly Document[]): Promise<boolean> {
    return isWritten(this.use(model => model.insertMany(documents, { ordered: true, lean: true })))
  }

  #indexes(): Promise<void> {
    const made = MongoTable.#indexed.get(this.model) ?? this.model.createIndexes()
    MongoTable.#indexed.set(this.model, made)
    return made.catch((error: unknown) => { MongoTable.#indexed.delete(this.model); throw error })
  }
}

/** Writes in one command: a server has to answer it before it counts as gone, however slow each write is. */
const WRITES_AT_ONCE = 64

export function inCommands<Write>(writes: readonly Write[]): Write[][] {
  return Array.from({ length: Math.ceil(writes.length / WRITES_AT_ONCE) }, (_, i) => writes.slice(i * WRITES_AT_ONCE, (i + 1) * WRITES_AT_ONCE))
}

export const isDuplicate = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === DUPLICATE

/** False where it clashed with a document that is there. */
export async function isWritten(write: Promise<unknown>): Promise<boolean> {
  try {
    await write
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

/** The server, or the way to it, failed: whether a write was done is not known. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof Refusal) return error.code === 'STORE_UNAVAILABLE'
  if (typeof error !== 'object' || error === null) return false
  // A bulk write wraps whatever stopped it on the way.
  const { name, code, errorLabelSet, errorResponse } = error as { name?: string; code?: unknown; errorLabelSet?: ReadonlySet<string>; errorResponse?: unknown }
  return UNAVAILABLE_NAMES.test(name ?? '') || LOST_LINES.test(String(code)) || UNAVAILABLE_CODES.has(Number(code)) || errorLabelSet?.has('RetryableWriteError') === true || isUnavailable(errorResponse)
}

const unavailable = (cause: unknown): Refusal =>
  cause instanceof Refusal ? cause : Object.assign(new Refusal('STORE_UNAVAILABLE', 'The MongoDB store does not answer.', { hint: 'Try again; if it lasts, see that the database runs and lets this house in.' }), { cause })
