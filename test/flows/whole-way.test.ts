import { Trial } from '../support/trial'
import { travelsTheWholeWay } from './whole-way'

describe('one request goes its whole way between houses on embedded stores', () => travelsTheWholeWay(() => Trial.make()))
