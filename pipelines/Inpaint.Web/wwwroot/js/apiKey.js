import { byId } from './dom.js';

const STORE = 'inpaint-api-key';
// What a header carries: anything else would fail before it is sent.
const USABLE = /^[\x21-\x7e]+$/;
let asking = null;

/** Says "given" when there is a new key. */
export const keys = new EventTarget();

/** The key of this visit; one that no request can carry is forgotten. */
export function storedKey() {
  const key = sessionStorage.getItem(STORE);
  if (key !== null && !USABLE.test(key)) {
    sessionStorage.removeItem(STORE);
    return null;
  }
  return key;
}

/** Asks for the key once for all requests that lack it; false when none is given. */
export function askForKey(reason, refusedKey) {
  // Another request was answered meanwhile.
  if (storedKey() !== refusedKey) {
    return Promise.resolve(true);
  }
  asking ??= ask(refusedKey ? `The key was refused. ${reason}` : reason).finally(() => { asking = null; });
  return asking;
}

function ask(reason) {
  const dialog = byId('key-dialog');
  const field = byId('api-key');
  byId('key-reason').textContent = reason;
  refuse('');
  field.value = '';
  dialog.showModal();
  field.focus();
  return new Promise((resolve) => {
    let given = false;
    byId('key-form').onsubmit = (event) => {
      event.preventDefault();
      const key = field.value.trim();
      if (USABLE.test(key)) {
        sessionStorage.setItem(STORE, key);
        given = true;
        dialog.close();
      } else {
        refuse(key ? 'A key is made of letters a to z, digits and signs without spaces; this one has others.' : 'The key is empty.');
        field.focus();
      }
    };
    byId('key-cancel').onclick = () => dialog.close();
    dialog.onclose = () => {
      resolve(given);
      if (given) {
        keys.dispatchEvent(new Event('given'));
      }
    };
  });
}

function refuse(sentence) {
  byId('key-error').textContent = sentence;
  byId('api-key').setAttribute('aria-invalid', String(sentence !== ''));
}
