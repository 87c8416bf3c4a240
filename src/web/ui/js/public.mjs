import { Button, CharacterCount, Checkboxes, ErrorSummary, SkipLink } from 'govuk-frontend'
import { conceal } from './conceal.mjs'
import { Exit } from './exit.mjs'
import { start } from './start.mjs'

conceal()
start([Button, CharacterCount, Checkboxes, ErrorSummary, Exit, SkipLink])
