import { ExitThisPage } from 'govuk-frontend'

// The GOV.UK exit with two changes: it leaves no entry for the Back button, and three presses of Escape count like
// three presses of Shift, because other services in this field have taught people Escape.
export class Exit extends ExitThisPage {
  exitPage () {
    document.body.classList.add('govuk-exit-this-page-hide-content')
    const overlay = document.createElement('div')
    overlay.className = 'govuk-exit-this-page-overlay'
    overlay.setAttribute('role', 'alert')
    document.body.append(overlay)
    overlay.textContent = this.i18n.t('activated')
    window.location.replace(this.$button.href)
  }

  handleKeypress (event) {
    super.handleKeypress(event.key === 'Escape' ? { key: 'Shift', shiftKey: false } : event)
  }

  // The original shows the page again when the browser brings it back; ours stays hidden until conceal.mjs has reloaded it.
  resetPage (event) {
    if (!event?.persisted) super.resetPage()
  }
}
