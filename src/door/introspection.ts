// What is asked of the schema itself has one answer for all who may ask it, and is dear to make: kept once made, and made one at a time, for at most a
// quarter of the process's time. Whether somebody may ask is judged before.
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import { Kind, type ExecutionResult, type OperationDefinitionNode } from 'graphql'
import { LRUCache } from 'lru-cache'
import { Refusal } from '../refusal'
import type { Params } from './engine'

const CHARACTERS_KEPT = 8_000_000
const AN_ANSWER_AT_MOST = 1_000_000
const WAITING_AT_MOST = 500
/** Times as long as one took others have the process to themselves. */
const REST = 3
const OF_THE_SCHEMA: readonly string[] = ['__schema', '__type', '__typename']

type Make = () => ExecutionResult | Promise<ExecutionResult>

export class Introspections {
  readonly #answers = new LRUCache<string, ExecutionResult>({ maxSize: CHARACTERS_KEPT, maxEntrySize: AN_ANSWER_AT_MOST, sizeCalculation: (answer, key) => key.length + JSON.stringify(answer).length })
  #last: Promise<void> = Promise.resolve()
  #waiting = 0

  constructor(private readonly rest: (ms: number) => Promise<unknown> = ms => pause(ms, undefined, { ref: false })) {}

  async answer({ query, operationName, variables }: Params, make: Make): Promise<ExecutionResult> {
    const key = JSON.stringify([query, operationName ?? null, variables ?? null])
    // Who asked the same before has made it meanwhile.
    return this.#answers.get(key) ?? this.alone(() => this.#answers.get(key) ?? this.#keep(key, make()))
  }

  /** In a turn of the process of its own, behind those that asked before. */
  async alone(make: Make): Promise<ExecutionResult> {
    if (this.#waiting >= WAITING_AT_MOST) throw new Refusal('RATE_LIMITED', 'Too many wait to be told the schema.', { hint: 'Read /schema.graphql, or ask again in a moment.', retryAfterMs: 1_000 })
    this.#waiting++
    const before = this.#last
    let goOn: () => void = () => undefined
    this.#last = new Promise(resolve => { goOn = resolve })
    await before
    await turn()
    this.#waiting--
    const begun = performance.now()
    try {
      return make()
    } finally { void this.rest(REST * (performance.now() - begun)).then(goOn) }
  }

  #keep(key: string, made: ExecutionResult | Promise<ExecutionResult>): ExecutionResult | Promise<ExecutionResult> {
    if (!(made instanceof Promise) && !made.errors) this.#answers.set(key, made)
    return made
  }
}

/** Whether it may ask anything of the schema, in whatever fragment. */
export const asksOfSchema = ({ query }: Params): boolean => /__(schema|type)\b/.test(query)

/** Nothing but the schema's own fields, so that its answer is that of anybody else. */
export const isOfSchemaAlone = ({ operation, selectionSet }: OperationDefinitionNode): boolean =>
  operation === 'query' && selectionSet.selections.every(each => each.kind === Kind.FIELD && OF_THE_SCHEMA.includes(each.name.value))
