import { byId } from './dom.js';

const STORE = 'inpaint-single-keys';

/** Lets people whose software types for them turn keys without modifiers off. */
export function connectShortcutChoice() {
  const box = byId('single-keys');
  box.checked = localStorage.getItem(STORE) !== 'off';
  box.addEventListener('change', () => localStorage.setItem(STORE, box.checked ? 'on' : 'off'));
}

/** Whether a key without modifiers may act; on the thing that it is for, always. */
export const singleKeysAllowed = (hasFocus = false) => hasFocus || byId('single-keys').checked;
