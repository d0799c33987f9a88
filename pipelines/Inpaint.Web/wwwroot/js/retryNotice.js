import { keys } from './apiKey.js';
import { byId, element } from './dom.js';

/** Runs an action; an error is shown in a notice with a retry button, and rethrown. */
export async function withRetry(place, onRetry, action) {
  try {
    await action();
    place.replaceChildren();
  } catch (error) {
    place.replaceChildren(retryNotice(error, onRetry));
    throw error;
  }
}

/** A notice about an error, with a button that retries. */
export function retryNotice(error, onRetry) {
  return element('div', { class: 'notice', 'data-testid': 'notice' },
    element('p', {}, error.message),
    element('button', {
      type: 'button', 'data-testid': 'try-again',
      onclick: async ({ currentTarget: button }) => {
        const hadFocus = document.activeElement === button;
        button.disabled = true;
        await onRetry();
        button.disabled = false;
        if (hadFocus && document.activeElement === document.body) {
          (button.isConnected ? button : byId('main')).focus({ preventScroll: true });
        }
      },
    }, 'Try again'));
}

// Retries everything that failed without the key.
keys.addEventListener('change', () => document.querySelectorAll('.notice button').forEach((button) => button.click()));
