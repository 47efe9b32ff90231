// Sound and notifications, each only after a person has agreed. The sound is made here: nothing is loaded.
const KEPT_SOUND = 'comity.desk.sound'
const KEPT_NOTES = 'comity.desk.notifications'

export type Loudness = 'emergency' | 'urgent'

let audio: AudioContext | null = null

export const soundWanted = (): boolean => localStorage.getItem(KEPT_SOUND) === 'on'
export const notesWanted = (): boolean => localStorage.getItem(KEPT_NOTES) === 'on' && 'Notification' in window && Notification.permission === 'granted'

/** From a click: browsers let no page make a sound before one. */
export async function setSound(on: boolean): Promise<void> {
  localStorage.setItem(KEPT_SOUND, on ? 'on' : 'off')
  if (!on) return void (await audio?.suspend())
  await wakeSound()
  ring('urgent')
}

export async function wakeSound(): Promise<void> {
  audio ??= new AudioContext()
  if (audio.state === 'suspended') await audio.resume()
}

/** Wanted, but held back by the browser until somebody touches the page. */
export const soundHeld = (): boolean => soundWanted() && audio?.state !== 'running'

export function ring(loudness: Loudness): boolean {
  if (!soundWanted() || audio?.state !== 'running') return false
  const tones = loudness === 'emergency' ? [880, 660, 880, 660, 880, 660] : [587, 784]
  tones.forEach((hertz, i) => beep(audio as AudioContext, hertz, i * 0.22, loudness === 'emergency' ? 0.5 : 0.25))
  return true
}

function beep(context: AudioContext, hertz: number, after: number, volume: number): void {
  const tone = new OscillatorNode(context, { type: 'triangle', frequency: hertz })
  const gain = new GainNode(context, { gain: 0 })
  const at = context.currentTime + after
  gain.gain.setValueAtTime(0, at)
  gain.gain.linearRampToValueAtTime(volume, at + 0.02)
  gain.gain.linearRampToValueAtTime(0, at + 0.2)
  tone.connect(gain).connect(context.destination)
  tone.start(at)
  tone.stop(at + 0.21)
}

/** True where the person and the browser agreed. */
export async function setNotes(on: boolean): Promise<boolean> {
  const agreed = on && 'Notification' in window && (await Notification.requestPermission()) === 'granted'
  localStorage.setItem(KEPT_NOTES, agreed ? 'on' : 'off')
  return agreed
}

/** Reference and state only: a notification may stand on a locked screen. */
export function notify(title: string, body: string, tag: string): void {
  if (!notesWanted()) return
  const note = new Notification(title, { body, tag, requireInteraction: true })
  note.onclick = () => {
    window.focus()
    note.close()
  }
}
