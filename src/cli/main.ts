#!/usr/bin/env node
// What `comity` runs: the command, from the one file that the build makes of all its modules.
import { runOneFile } from './one-file'

runOneFile()
