// Who a person may play in a trial, as the house offers it. Outside a trial there is nobody, and that is no fault.
// Tokens stay in memory and in this window's session; they end, so they are asked for anew.
import { useCallback, useEffect, useState } from 'react'

export interface DemoIdentity { label: string; role: string; authority: string | null; token: string | null }

/** How an identity is named in an address and in the session. */
export const keyOf = ({ authority, role }: DemoIdentity): string => (authority ? `${authority}.${role}` : role)

const RENEW_MS = 20 * 60_000

export async function askIdentities(): Promise<DemoIdentity[]> {
  try {
    const answer = await fetch('/playground/identities', { headers: { accept: 'application/json' }, cache: 'no-store' })
    return answer.ok ? ((await answer.json()) as DemoIdentity[]) : []
  } catch { return [] }
}

export interface Identities { list: readonly DemoIdentity[]; known: boolean; renew(): Promise<readonly DemoIdentity[]> }

export function useIdentities(): Identities {
  const [state, setState] = useState<{ list: readonly DemoIdentity[]; known: boolean }>({ list: [], known: false })
  const renew = useCallback(async () => {
    const list = await askIdentities()
    // A house that is away for a moment takes nobody's identity.
    setState(before => ({ list: list.length > 0 ? list : before.list, known: true }))
    return list
  }, [])
  useEffect(() => {
    void renew()
    const timer = setInterval(() => void renew(), RENEW_MS)
    const woken = (): void => { if (document.visibilityState === 'visible') void renew() }
    document.addEventListener('visibilitychange', woken)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', woken)
    }
  }, [renew])
  return { ...state, renew }
}
