// Prints docs/law.md from the rows of the register: `npm run law`. A test fails where the committed page differs.
import { writeFileSync } from 'node:fs'
import { renderLawPage } from '../register/law-page'
import { loadRegister } from '../register/load'
import { LAW_PAGE, REGISTER_FOLDER } from './seeds'

writeFileSync(LAW_PAGE, renderLawPage(loadRegister(REGISTER_FOLDER)))
