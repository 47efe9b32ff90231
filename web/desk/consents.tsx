// Sound and notifications: off until somebody turns them on, and honest where the browser holds them back.
import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { notesWanted, setNotes, setSound, soundHeld, soundWanted, wakeSound } from './alarm'

export function Consents() {
  const [sound, setSoundOn] = useState(soundWanted)
  const [isHeld, setHeld] = useState(soundHeld)
  const [notes, setNotesOn] = useState(notesWanted)
  const isRefused = 'Notification' in window && Notification.permission === 'denied'
  useEffect(() => {
    if (!isHeld) return
    const touched = (): void => void wakeSound().then(() => setHeld(soundHeld()))
    for (const name of ['pointerdown', 'keydown']) window.addEventListener(name, touched)
    return () => { for (const name of ['pointerdown', 'keydown']) window.removeEventListener(name, touched) }
  }, [isHeld])
  return (
    <>
      <Button size="xs" variant={sound ? 'light' : 'default'} aria-pressed={sound} onClick={() => {
        setSoundOn(!sound)
        void setSound(!sound).then(() => setHeld(soundHeld()))
      }}>{!sound ? 'Turn sound on' : isHeld ? 'Sound waits for a click' : 'Sound on'}</Button>
      {'Notification' in window && (
        <Button size="xs" variant={notes ? 'light' : 'default'} aria-pressed={notes} disabled={isRefused} title={isRefused ? 'The browser refuses them for this page.' : undefined}
          onClick={() => void setNotes(!notes).then(setNotesOn)}>{notes ? 'Notifications on' : 'Notifications'}</Button>
      )}
    </>
  )
}
