// A wrong row, by its JSON path within a file, and the ways in which rows are often wrong.

export interface Fault { path: string; fault: string }

export const when = (wrong: boolean, path: string, fault: string): Fault[] => (wrong ? [{ path, fault }] : [])

export const unknownIn = (path: string, names: readonly string[] | undefined, isKnown: (name: string) => boolean, what: string): Fault[] =>
  (names ?? []).flatMap((name, i) => when(!isKnown(name), `${path}/${i}`, `${name} is no ${what}`))

export function twice(values: readonly string[]): { i: number; value: string }[] {
  return values.flatMap((value, i) => (values.indexOf(value) < i ? [{ i, value }] : []))
}
