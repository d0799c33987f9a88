import { keys } from './apiKey.js';
import { byId, element } from './dom.js';

/** A sentence about what could not be had, with a button that asks for it once more. */
export function tryAgain(error, onAgain) {
  return element('div', { class: 'notice', 'data-testid': 'notice' },
    element('p', {}, error.message),
    element('button', {
      type: 'button', 'data-testid': 'try-again',
      onclick: async ({ currentTarget: button }) => {
        const hadFocus = document.activeElement === button;
        button.disabled = true;
        await onAgain();
        button.disabled = false;
        if (hadFocus && document.activeElement === document.body) {
          (button.isConnected ? button : byId('main')).focus({ preventScroll: true });
        }
      },
    }, 'Try again'));
}

// What failed for want of the key.
keys.addEventListener('given', () => document.querySelectorAll('.notice button').forEach((button) => button.click()));
