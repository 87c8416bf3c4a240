// Several people sit at one meeting, each with a page of their own. While such a page can be seen, it asks again and again for the number
// of the newest event, a few bytes, so that everybody sees within two seconds what another did; when that has changed, it brings the
// page as it is now. Where somebody is typing, it says so instead and waits for them.
//
// No connection is kept open on purpose: phones with poor lines lose one without noticing, proxies hold it back, and whichever node
// answers must know nothing of the others. Without scripts, 'reload' does the same.
const EVERY = 1500
const FAILURES = 5
const LOST = 'There is no connection. This page may be old.'
const OUT = 'You have been signed out. What you typed is still here.'

export function live (begin) {
  const marker = document.querySelector('[data-live]')
  if (!marker) return
  let failures = 0
  const look = async () => {
    if (document.visibilityState === 'visible') {
      const news = await changed(marker)
      failures = news === undefined ? failures + 1 : 0
      if (failures >= FAILURES) tell(marker, LOST)
      if (failures === 0 && !news) marker.textContent = ''
      if (news === OUT && isBusy()) tell(marker, OUT)
      else if (news) return isBusy() ? offer(marker, begin) : bring(begin)
    }
    setTimeout(look, EVERY)
  }
  setTimeout(look, EVERY)
}

// Whether there is something new; undefined when nobody answers. Whoever may not see the meeting any more, or has been signed out,
// gets news, too.
async function changed (marker) {
  try {
    const answer = await fetch(marker.dataset.live, { cache: 'no-store', redirect: 'manual' })
    if (answer.status >= 500) return undefined
    if (answer.type === 'opaqueredirect') return OUT
    return !answer.ok || (await answer.text()).trim() !== marker.dataset.version
  } catch {
    return undefined
  }
}

function tell (marker, words, ...more) {
  if (marker.textContent.startsWith(words)) return
  const text = document.createElement('p')
  text.append(words, ...more)
  marker.replaceChildren(text)
}

function offer (marker, begin) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'app-link-button'
  button.textContent = 'Show it'
  button.addEventListener('click', () => bring(begin))
  tell(marker, 'Something has changed. ', button)
}

// Puts the main part of the page as it is now in place of the old one. What was typed stays typed; it is kept nowhere else.
async function bring (begin) {
  const answer = await fetch(window.location.pathname, { cache: 'no-store', redirect: 'manual' }).catch(() => undefined)
  if (isKept(answer)) return live(begin)
  if (!answer?.ok) return window.location.replace(window.location.pathname)
  const old = document.querySelector('main')
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const typed = fields(old).filter(isTyped)
  const open = [...old.querySelectorAll('details[open] > summary')].map((summary) => summary.textContent)
  const focus = document.activeElement?.id
  old.replaceWith(page.querySelector('main'))
  document.title = page.title
  const main = document.querySelector('main')
  for (const field of fields(main)) {
    const before = typed.find((one) => one.id === field.id)
    if (!before) continue
    field.value = before.value
    if ('checked' in before) field.checked = before.checked
  }
  for (const details of main.querySelectorAll('details')) {
    if (open.includes(details.querySelector('summary').textContent)) details.open = true
  }
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true })
  begin(main)
  live(begin)
}

// Whether another page would cost what was typed: nobody answers, or it would be the page to sign in on.
function isKept (answer) {
  const lost = !answer || answer.status >= 500
  if (!isBusy() || !(lost || answer.type === 'opaqueredirect')) return false
  tell(document.querySelector('[data-live]'), lost ? LOST : OUT)
  return true
}

function fields (part) {
  return [...part.querySelectorAll('input:not([type=hidden]), textarea, select')]
}

function isTyped (field) {
  if (field.type === 'radio' || field.type === 'checkbox') return field.checked !== field.defaultChecked
  if (field.options) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected))
  return field.value !== field.defaultValue
}

// Somebody who stands in a field is about to type.
function isBusy () {
  const all = fields(document.querySelector('main'))
  return all.some(isTyped) || all.includes(document.activeElement)
}
