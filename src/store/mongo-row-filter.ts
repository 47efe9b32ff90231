// The filter of a query on requests in MongoDB: made here alone, so that none is without the viewer's party clause, and the only way to rows.
// What is sent is judged once more after Mongoose has cast it: an empty `$or`, a misspelt name and a list can change a filter silently.
import type { Model, Query, QueryFilter } from 'mongoose'
import { fault } from '../refusal'
import type { Scope } from './store'
import { isStorable } from './text'

export type Clauses = Readonly<Record<string, unknown>>

declare const rowFilterBrand: unique symbol
/** Clauses of a docket query with the row rule of one viewer among them. */
export interface RowFilter { readonly [rowFilterBrand]: true; readonly scope: Scope; readonly clauses: Clauses }

/** What the viewer may see, narrowed by clauses; null where that is nothing, and then nothing is sent. */
export function rowFilter(scope: Scope, clauses: Clauses): RowFilter | null {
  const { field, authority } = scope
  return isStorable(authority) ? (Object.freeze({ scope, clauses: defined({ [field]: authority, ...clauses, [field]: authority }) }) as RowFilter) : null
}

/** Narrower still: no clause takes the place of the row rule. */
export const narrowed = ({ scope, clauses }: RowFilter, more: Clauses): RowFilter | null => rowFilter(scope, { ...clauses, ...more })

const defined = (clauses: Clauses): Clauses => Object.fromEntries(Object.entries(clauses).filter(([, value]) => value !== undefined))

type Rows<Row> = Query<Row[], Row>

/** Rows that fit, as `shaped` sorts and ends them. */
export function findRows<Row>(model: Model<Row>, filter: RowFilter, shaped: (query: Rows<Row>) => Rows<Row>): Rows<Row> {
  const query = model.find(filter.clauses as QueryFilter<Row>, { row: 1 }).lean<Row[]>() as unknown as Rows<Row>
  return sealed(filter, shaped(query), model)
}

export const countRows = <Row>(model: Model<Row>, filter: RowFilter): Query<number, Row> =>
  sealed(filter, model.countDocuments(filter.clauses as QueryFilter<Row>) as unknown as Query<number, Row>, model)

/** Makes the query as it will be sent, which a cast alone does not, and lets it go only with the party clause still in it, whole, and no other clause lost. */
function sealed<Found, Row>({ scope, clauses }: RowFilter, query: Query<Found, Row>, model: Model<Row>): Query<Found, Row> {
  const sent = query.getFilter()
  model.base.sanitizeFilter(sent)
  query.cast(model as never)
  demandPartyClause(scope, sent)
  if (Object.keys(clauses).some(name => sent[name] === undefined)) fault('a docket query lost a clause and was not sent')
  return query
}

export function demandPartyClause({ field, authority }: Scope, sent: Clauses): void {
  const isClause = field === 'readers' || field === 'parties'
  if (!isClause || !isStorable(authority) || sent[field] !== authority) fault('a docket query lost its party clause and was not sent')
}
