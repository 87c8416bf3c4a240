import { Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, ServiceNavigation, SkipLink } from 'govuk-frontend'
import { conceal } from './conceal.mjs'
import { keep } from './keep.mjs'
import { live } from './live.mjs'
import { start } from './start.mjs'

const IN_MAIN = [Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner]

conceal()
keep()
start([...IN_MAIN, ServiceNavigation, SkipLink])
live((part) => start(IN_MAIN, part))
