// SECURITY.md promises nothing without naming the tests that hold it, and names none that is not run.
import { isRun, textOf } from './support/test-files'

const [, section = ''] = textOf('SECURITY.md').split(/^## Promises$/m)
const promises = (section.split(/^## /m)[0] ?? '').split('\n').filter(line => line.startsWith('|')).slice(2)
  .map(line => line.split('|').slice(1, -1).map(cell => cell.trim()))
const testsIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path)

test('every promise says to whom it is made and names its tests', () => {
  expect(promises.length).toBeGreaterThan(20)
  const wrong = promises.filter(cells => cells.length !== 3 || cells.some(cell => cell === '') || testsIn(cells[2] ?? '').length === 0)
  expect(wrong).toEqual([])
})

test('every test that it names is there and run', () => {
  const named = [...new Set(promises.flatMap(([, , held = '']) => testsIn(held)))]
  expect(named.filter(path => !isRun(path))).toEqual([])
})
