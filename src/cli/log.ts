// What a house logs: one line of JSON an event. Words from outside (a partner's reason, a path, what a library says of a value) may stand in it: each text
// is cut at its bound, and nothing in it reaches a terminal as anything but characters.
import pino, { type Logger } from 'pino'
import type { LogLevel } from './settings'

const TEXT_AT_MOST = 512
const STACK_AT_MOST = 8_192

/** `write` takes whole lines; without it, standard error. */
export function houseLog(level: LogLevel, write: (line: string) => void = toStandardError()): Logger {
  return pino({ level }, { write: line => write(`${escaped(JSON.stringify(bounded(JSON.parse(line))))}\n`) })
}

function toStandardError(): (line: string) => void {
  const destination = pino.destination(2)
  return line => void destination.write(line)
}

function bounded(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return cut(value, key === 'stack' ? STACK_AT_MOST : TEXT_AT_MOST)
  if (Array.isArray(value)) return value.map(each => bounded(each))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, bounded(each, name)]))
}

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}…` : text)

/** JSON escapes the first 32; these turn the direction of what follows, end a line, or are commands to a terminal too. */
const escaped = (json: string): string => json.replace(/[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
