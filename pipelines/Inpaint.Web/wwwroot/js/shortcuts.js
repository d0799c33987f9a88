import { byId } from './dom.js';

const STORE = 'inpaint-single-keys';

/** Connects the option that disables single-key shortcuts, which interfere with speech input. */
export function connectShortcutChoice() {
  const box = byId('single-keys');
  box.checked = localStorage.getItem(STORE) !== 'off';
  box.addEventListener('change', () => localStorage.setItem(STORE, box.checked ? 'on' : 'off'));
}

/** Whether single-key shortcuts are active; on the focused control they always are. */
export const singleKeysAllowed = (hasFocus = false) => hasFocus || byId('single-keys').checked;
