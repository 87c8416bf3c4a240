// Starts the components. Without scripts every page works as plain HTML; the class tells the components that we are here.
import { createAll } from 'govuk-frontend'

export function start (components) {
  document.body.classList.add('js-enabled', 'govuk-frontend-supported')
  for (const component of components) createAll(component)
}
