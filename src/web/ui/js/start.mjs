// Starts the components in a part of the page. Without scripts every page works as plain HTML; the class tells the components that we
// are here.
import { createAll } from 'govuk-frontend'

export function start (components, part = document) {
  document.body.classList.add('js-enabled', 'govuk-frontend-supported')
  for (const component of components) createAll(component, undefined, part)
}
