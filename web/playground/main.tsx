// The playground: GraphiQL of this house, with ready tabs and a choice of who one is. Loads nothing from elsewhere.
import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import './playground.css'
import { createRoot } from 'react-dom/client'
import { Playground } from './playground'

const place = document.getElementById('page')
if (place) createRoot(place).render(<Playground />)
