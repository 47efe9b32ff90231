// Named moments at which a fault test ends the process, so that a kill lands exactly there. Inert unless COMITY_CRASH_AT names one, and
// always in the production profile.

export type Moment = 'beforeWrite' | 'afterWrite' | 'beforeHandOver' | 'afterHandOver' | 'beforeApply' | 'afterApply' | 'beforeReceipt'
export type CrashPoint = (moment: Moment) => void

/** `afterApply:3` ends the process at the third passing. */
export function crashPoint(setting: string | undefined): CrashPoint {
  if (!setting) return () => undefined
  const [moment, count = '1'] = setting.split(':')
  let left = Number(count)
  return passed => {
    if (passed === moment && --left === 0) process.kill(process.pid, 'SIGKILL')
  }
}
