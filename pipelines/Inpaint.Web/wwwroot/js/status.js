import { byId } from './dom.js';

/** Shows a message in the status bar, a live region. */
export function say(message, { error = false } = {}) {
  const line = byId('status');
  line.classList.toggle('error', error);
  line.textContent = message;
}

/** An error with a message for the user, rather than a defect. */
export const expectedError = (message) => Object.assign(new Error(message), { isExpected: true });

/** Shows an error in the status bar, unless a request was cancelled. */
export function sayError(error) {
  if (error.name === 'AbortError') {
    return;
  }
  if (!error.isExpected) {
    console.warn(error);
  }
  say(error.message, { error: true });
}
