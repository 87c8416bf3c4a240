// A form sent while there is no connection is lost: the browser puts a page of its own in place of ours, and keeps nothing of what was
// typed, because we forbid it to. The same is true once somebody has been signed out. So a form asks first, with a few bytes, whether
// it would be taken, and stays with a word of what to do where it would not. Without scripts it is sent as ever.
const PATIENCE = 8000
const LOST = 'There is no connection. What you typed is still here: send it again when there is one.'
const OUT = 'You have been signed out. What you typed is still here: '

export function keep () {
  const signedIn = document.querySelector('[data-here]')
  if (!signedIn) return
  const { here, signIn } = signedIn.dataset
  let asked
  document.addEventListener('submit', async (event) => {
    const form = event.target
    if (form.method !== 'post' || !form.closest('main') || asked === 'taken') return
    event.preventDefault()
    if (asked) return
    asked = 'waiting'
    const why = await refused(here, signIn)
    asked = undefined
    if (why) return tell(form, why)
    asked = 'taken'
    form.requestSubmit(event.submitter)
    asked = undefined
  })
}

// Why a form would be lost now; undefined where it would be taken, or told what is wrong with it.
async function refused (here, signIn) {
  const timer = new AbortController()
  setTimeout(() => timer.abort(), PATIENCE)
  try {
    const answer = await fetch(here, { cache: 'no-store', redirect: 'manual', signal: timer.signal })
    if (answer.status >= 500) return [LOST]
    if (answer.type !== 'opaqueredirect') return undefined
  } catch {
    return [LOST]
  }
  const link = document.createElement('a')
  link.className = 'govuk-link'
  link.href = signIn
  link.target = '_blank'
  link.textContent = 'sign in again on a page of its own'
  return [OUT, link, ', then send it.']
}

function tell (form, words) {
  form.querySelector('.app-kept')?.remove()
  const text = document.createElement('p')
  text.className = 'govuk-error-message app-kept'
  text.role = 'alert'
  text.append(...words)
  const last = [...form.querySelectorAll('button')].at(-1)
  if (last) last.before(text); else form.append(text)
}
