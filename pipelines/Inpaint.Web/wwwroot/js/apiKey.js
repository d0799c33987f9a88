import { byId } from './dom.js';

const STORE = 'inpaint-api-key';
// Characters that a header can carry; with others, fetch would fail.
const USABLE = /^[\x21-\x7e]+$/;
let pending = null;

/** Emits "change" when a new key is entered. */
export const keys = new EventTarget();

/** The key of this browser session, if it is valid. */
export function storedKey() {
  const key = sessionStorage.getItem(STORE);
  if (key !== null && !USABLE.test(key)) {
    sessionStorage.removeItem(STORE);
    return null;
  }
  return key;
}

/** Asks for the key, once for all requests that need it; resolves to false when the dialog is cancelled. */
export function askForKey(reason, refusedKey) {
  // The key was entered for another request meanwhile.
  if (storedKey() !== refusedKey) {
    return Promise.resolve(true);
  }
  pending ??= openDialog(refusedKey ? `The key was rejected. ${reason}` : reason).finally(() => { pending = null; });
  return pending;
}

function openDialog(reason) {
  const dialog = byId('key-dialog');
  const field = byId('api-key');
  byId('key-reason').textContent = reason;
  showKeyError('');
  field.value = '';
  dialog.showModal();
  field.focus();
  return new Promise((resolve) => {
    let entered = false;
    byId('key-form').onsubmit = (event) => {
      event.preventDefault();
      const key = field.value.trim();
      if (USABLE.test(key)) {
        sessionStorage.setItem(STORE, key);
        entered = true;
        dialog.close();
      } else {
        showKeyError(key ? 'A key consists of ASCII letters, digits and symbols, without spaces.' : 'The key is empty.');
        field.focus();
      }
    };
    byId('key-cancel').onclick = () => dialog.close();
    dialog.onclose = () => {
      resolve(entered);
      if (entered) {
        keys.dispatchEvent(new Event('change'));
      }
    };
  });
}

function showKeyError(message) {
  byId('key-error').textContent = message;
  byId('api-key').setAttribute('aria-invalid', String(message !== ''));
}
