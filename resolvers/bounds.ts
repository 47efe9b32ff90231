// Bounds that depend on who asks.
import { Refusal } from '../src/refusal'
import type { Context } from './context'

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
