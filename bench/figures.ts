// What a measurement says: one figure beside its bound or its peer, printed as a line and kept for the machine-readable file.
import { performance } from 'node:perf_hooks'

export interface Figure {
  name: string
  value: number
  unit: string
  /** Met where the value is at most, or at least, this. */
  goal?: { atMost: number } | { atLeast: number }
  /** Lowest and highest over the rounds. */
  spread?: [number, number]
  beside?: string
}

export const isMet = ({ value, goal }: Figure): boolean => !goal || ('atMost' in goal ? value <= goal.atMost : value >= goal.atLeast)

const shown = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3))

export function line(figure: Figure): string {
  const { name, value, unit, goal, spread, beside } = figure
  const bound = goal ? `   goal ${'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`} ${isMet(figure) ? 'met' : 'MISSED'}` : ''
  return `${name.padEnd(58)} ${`${shown(value)} ${unit}`.padStart(14)}${spread ? `   (${shown(spread[0])} to ${shown(spread[1])})` : ''}${bound}${beside ? `   ${beside}` : ''}`
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}

export const median = (values: readonly number[]): number => percentile(values, 0.5)

/** The median over the rounds, with its spread. */
export const overRounds = (values: readonly number[]): { value: number; spread: [number, number] } => ({ value: median(values), spread: [Math.min(...values), Math.max(...values)] })

/** Calls a second while this many writers each wait for their own last call. */
export async function rate(writers: number, forMs: number, call: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  let calls = 0
  await Promise.all(Array.from({ length: writers }, async () => {
    for (; performance.now() - begun < forMs; calls++) await call()
  }))
  return (calls * 1_000) / (performance.now() - begun)
}
