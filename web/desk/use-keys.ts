// The board by keyboard: j and k move, Enter reads, a acknowledges. Silent while somebody types or a window is open.
import { useEffect, useRef } from 'react'
import { canAcknowledge, type Row } from './board'

interface Keys {
  rows: readonly Row[]; selected: Row | undefined; isBusy: boolean
  choose(reference: string): void; read(row: Row): void; acknowledge(row: Row): void
}

export function useKeys(keys: Keys): void {
  const now = useRef(keys)
  now.current = keys
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const { rows, selected, isBusy } = now.current
      if (isBusy || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (event.key === 'j' || event.key === 'k') return move(now.current, event.key === 'j' ? 1 : -1)
      if (!selected || rows.length === 0) return
      if (event.key === 'Enter' && !isControl(event.target)) now.current.read(selected)
      else if (event.key === 'a' && canAcknowledge(selected)) {
        event.preventDefault()
        now.current.acknowledge(selected)
      }
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [])
}

function move({ rows, selected, choose }: Keys, by: 1 | -1): void {
  const at = selected ? rows.indexOf(selected) : -1
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))]
  if (!next) return
  choose(next.reference)
  document.getElementById(`card ${next.reference}`)?.focus()
}

const isTyping = (target: EventTarget | null): boolean => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
const isControl = (target: EventTarget | null): boolean => target instanceof HTMLElement && /^(BUTTON|A|SUMMARY)$/.test(target.tagName)
