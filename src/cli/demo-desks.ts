// The desks of the demo: who is on duty at each authority, and whom an emergency reaches that nobody there acknowledges. Invented, like the cases.
import type { EscalationLevel, RequestKind } from '../domain/vocabulary'

export interface DemoDesk {
  function: string; channels: { kind: 'EMAIL' | 'PHONE'; address: string }[]; languages: string[]; roundTheClock: boolean; competences: RequestKind[]; reviewBy: string
  level: EscalationLevel; rank: number
}

const LANGUAGES: Record<string, string[]> = { DE: ['de', 'en'], FR: ['fr', 'en'], BR: ['pt', 'en'], JP: ['ja', 'en'] }
const REVIEWED_AFTER_DAYS = 180

export function demoDesks(country: string): DemoDesk[] {
  const host = `${country.toLowerCase()}.example.org`
  const shared = { languages: LANGUAGES[country] ?? ['en'], reviewBy: new Date(Date.now() + REVIEWED_AFTER_DAYS * 86_400_000).toISOString().slice(0, 10) }
  return [
    { ...shared, function: 'Duty desk, day and night', channels: [{ kind: 'PHONE', address: '+00 000 000 001' }, { kind: 'EMAIL', address: `duty@${host}` }], roundTheClock: true, competences: ['PRESERVATION', 'EVIDENCE'], level: 'DUTY_DESK', rank: 0 },
    { ...shared, function: 'Second desk, office hours', channels: [{ kind: 'EMAIL', address: `desk@${host}` }], roundTheClock: false, competences: ['EVIDENCE'], level: 'DUTY_DESK', rank: 1 },
    { ...shared, function: 'Head of the central authority', channels: [{ kind: 'PHONE', address: '+00 000 000 009' }], roundTheClock: true, competences: ['PRESERVATION', 'EVIDENCE'], level: 'HEAD', rank: 0 },
  ]
}
