// Prints the SDL of both houses into schema/: `npm run sdl`. A test fails where the committed files differ.
import 'reflect-metadata'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { houseSchema, printedSdl } from '../../resolvers/house-schema'
import { SCHEMA_FOLDER } from './seeds'

const sdl = printedSdl(houseSchema())
for (const house of ['hub', 'node']) writeFileSync(join(SCHEMA_FOLDER, `${house}.graphql`), sdl)
