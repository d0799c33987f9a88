import { byId } from './dom.js';

const STORE = 'inpaint-api-key';
let asking = null;

export const storedKey = () => sessionStorage.getItem(STORE);

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
  field.value = '';
  dialog.showModal();
  field.focus();
  return new Promise((resolve) => {
    let given = false;
    byId('key-form').onsubmit = (event) => {
      event.preventDefault();
      sessionStorage.setItem(STORE, field.value);
      given = true;
      dialog.close();
    };
    byId('key-cancel').onclick = () => dialog.close();
    dialog.onclose = () => resolve(given);
  });
}
