import { byId } from './dom.js';

/** Says something in the live region. */
export function say(sentence, { error = false } = {}) {
  const line = byId('status');
  line.classList.toggle('error', error);
  line.textContent = sentence;
}

/** Says what went wrong; a cancelled request is none. */
export function sayError(error) {
  if (error.name === 'AbortError') {
    return;
  }
  if (!error.isExpected) {
    console.warn(error);
  }
  say(error.message, { error: true });
}
