// Bounds of arguments: those that the input types state, and those that depend on who asks.
import { validate, type ValidationError } from 'class-validator'
import { getNamedType, type GraphQLResolveInfo } from 'graphql'
import { dayOf } from '../src/domain/calendar-days'
import { codeFault } from '../src/domain/law/code-faults'
import type { CodeList } from '../src/domain/vocabulary'
import { Refusal } from '../src/refusal'
import type { Context } from './context'

/** The bounds of an input type, as type-graphql asks for them; a feed judges its filter when it is subscribed to, not again with every event. */
export async function demandBounds(value: unknown, type: unknown, { info }: { info: GraphQLResolveInfo }): Promise<void> {
  if (value === null || typeof value !== 'object' || typeof type !== 'function' || info.parentType.name === 'Subscription') return
  const named = info.parentType.getFields()[info.fieldName]?.args.find(arg => getNamedType(arg.type).name === type.name)
  await demandWithin(value, named?.name ?? 'input')
}

/** BAD_USER_INPUT with the path from the argument on, where a value is out of the bounds of its input type. */
export async function demandWithin(value: object, argument: string): Promise<void> {
  const violations = await validate(value, { skipMissingProperties: true, forbidUnknownValues: false, validationError: { target: false, value: false } })
  if (violations.length === 0) return
  const { path, hint } = firstViolation(violations, argument)
  throw new Refusal('BAD_USER_INPUT', 'A value is out of its bounds.', { path, hint })
}

function firstViolation([violation]: readonly ValidationError[], at: string): { path: string; hint: string } {
  if (!violation) return { path: at, hint: 'See the bounds in the schema.' }
  const path = /^\d+$/.test(violation.property) ? `${at}[${violation.property}]` : `${at}.${violation.property}`
  return violation.children?.length ? firstViolation(violation.children, path) : { path, hint: Object.values(violation.constraints ?? {})[0] ?? 'See the bounds in the schema.' }
}

const PAGE_AT_MOST = 100
const SYSTEM_PAGE_AT_MOST = 500

export function pageSize(context: Context, first: number): number {
  const most = context.viewer.role === 'SYSTEM' ? SYSTEM_PAGE_AT_MOST : PAGE_AT_MOST
  if (first >= 1 && first <= most) return first
  throw new Refusal('BAD_USER_INPUT', `A page holds 1 to ${most} rows.`, { path: 'first', hint: 'Ask for a smaller page and go on with the cursor of its last row.' })
}

export function demandListBound(list: readonly unknown[] | null | undefined, path: string, most = PAGE_AT_MOST): void {
  if (list && list.length > most) throw new Refusal('BAD_USER_INPUT', `A list holds at most ${most} entries here.`, { path, hint: 'Ask in several calls.' })
}

/** The day by which the house's law is asked: its own, in UTC. */
export const today = ({ house }: Context): string => dayOf(house.now())

/** BAD_USER_INPUT for a code that its list does not have today. */
export function demandListed(context: Context, list: CodeList, codes: readonly string[] | null | undefined, path: string): void {
  for (const [i, code] of (codes ?? []).entries()) {
    const fault = codeFault(context.house.register(), list, code, today(context), `${path}[${i}]`)
    if (fault) throw new Refusal('BAD_USER_INPUT', fault.message, { path: fault.path, hint: fault.hint })
  }
}
