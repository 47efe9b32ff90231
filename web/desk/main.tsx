// The desk of a liaison officer: what is urgent, how long it may still wait, and whether the line holds.
import '@mantine/core/styles.css'
import './desk.css'
import { MantineProvider, createTheme } from '@mantine/core'
import { createRoot } from 'react-dom/client'
import { Entrance } from './entrance'

const theme = createTheme({ primaryColor: 'blue', defaultRadius: 'md', cursorType: 'pointer', fontFamily: 'system-ui, -apple-system, "Segoe UI", sans-serif', fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", Menlo, monospace' })

const place = document.getElementById('page')
if (place) createRoot(place).render(<MantineProvider theme={theme} defaultColorScheme="auto"><Entrance /></MantineProvider>)
