// One clock for all that counts down, by the time of the house.
import { useSyncExternalStore } from 'react'
import { houseNow } from './house'

const listeners = new Set<() => void>()
let now = houseNow()
let timer: ReturnType<typeof setInterval> | undefined

function follow(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = houseNow()
    for (const each of listeners) each()
  }, 1_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

export const useNow = (): number => useSyncExternalStore(follow, () => now)
