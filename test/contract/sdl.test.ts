// The printed SDL is the contract: reviewed as a diff, never changed by accident, never less than what partners build against.
import 'reflect-metadata'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema, findBreakingChanges, isEnumType, isInputObjectType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql'
import { houseSchema, printedSdl } from '../../resolvers/house-schema'

const root = join(__dirname, '..', '..')
const contractText = readFileSync(join(__dirname, 'contract.graphql'), 'utf8')
const shared = join(root, '..', 'shared', 'contract.graphql')

const undescribed = (schema: GraphQLSchema): string[] => Object.values(schema.getTypeMap()).filter(type => !type.name.startsWith('__')).flatMap(type => {
  const roots = ['Query', 'Mutation', 'Subscription', 'String', 'Int', 'Float', 'Boolean', 'ID']
  const own = type.description || roots.includes(type.name) ? [] : [type.name]
  const fields = isObjectType(type) || isInterfaceType(type) || isInputObjectType(type) ? Object.values(type.getFields()) : isEnumType(type) ? type.getValues() : []
  const inside = fields.filter(field => !field.description).map(field => `${type.name}.${field.name}`)
  const args = isObjectType(type) ? Object.values(type.getFields()).flatMap(field => field.args.filter(arg => !arg.description).map(arg => `${type.name}.${field.name}(${arg.name})`)) : []
  return [...own, ...inside, ...args]
})

describe('the printed SDL', () => {
  const sdl = printedSdl(houseSchema())

  it.each(['hub', 'node'])('stands committed as the %s serves it', house => {
    expect(readFileSync(join(root, 'schema', `${house}.graphql`), 'utf8')).toBe(sdl)
  })

  it('holds everything of the contract', () => {
    expect(findBreakingChanges(buildSchema(contractText), buildSchema(sdl)).map(change => change.description)).toEqual([])
  })

  it('describes every type, field, argument and value', () => {
    expect(undescribed(buildSchema(sdl))).toEqual([])
  })

  it('is compared with the contract as it stands beside the project', () => {
    if (existsSync(shared)) expect(readFileSync(shared, 'utf8')).toBe(contractText)
    expect(contractText).toContain('type Subscription')
  })
})
