// Browsers keep a picture of a page for the Back button, even of one marked no-store. So a page hides itself when it is
// left, and asks the server again when it is brought back: after an exit or a sign-out the server shows nothing of it.
export function conceal () {
  window.addEventListener('pagehide', () => { document.documentElement.hidden = true })
  window.addEventListener('pageshow', (event) => { if (event.persisted) fetchAgain() })
}

// Not reload(): on the answer to a form that would ask to send the form again.
function fetchAgain () {
  window.location.replace(window.location.pathname + window.location.search)
}
