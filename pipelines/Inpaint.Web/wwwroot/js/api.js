import { askForKey, storedKey } from './apiKey.js';
import { say } from './status.js';

const ROOT = 'api/v1/';

/** An error response: its message, status and machine-readable code. */
export class Problem extends Error {
  isExpected = true;

  constructor(message, status, code) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const getJson = async (path, options) => (await ask(path, { ...options, headers: { Accept: 'application/json' } })).json();

export const getBlob = async (path, options) => (await ask(path, options)).blob();

export const getText = async (path, options) => (await ask(path, options)).text();

export const postForm = async (path, form, signal) =>
  (await ask(path, { method: 'POST', body: form, signal, headers: { Accept: 'application/json' } })).json();

export const postJson = async (path, value, options) =>
  (await ask(path, {
    ...options,
    method: 'POST',
    body: JSON.stringify(value),
    headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
  })).json();

export const post = async (path) => (await ask(path, { method: 'POST', headers: { Accept: 'application/json' } })).json();

/** Decodes a PNG in base64. */
export function decodePng(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new Blob([bytes], { type: 'image/png' });
}

// Background requests are `quiet`: they never open the key dialog.
async function ask(path, options = {}) {
  let canRetry = true;
  for (;;) {
    const key = storedKey();
    const response = await send(path, options, key);
    if (response.ok) {
      return response;
    }
    const problem = await problemOf(response);
    if (response.status === 401 && !options.quiet && await askForKey(problem.message, key)) {
      continue;
    }
    if (response.status === 429 && canRetry) {
      canRetry = false;
      const seconds = Math.min(60, Math.max(1, Number(response.headers.get('Retry-After')) || 1));
      say(`${problem.message} Retrying in ${seconds} s.`);
      await pause(seconds * 1000, options.signal);
      continue;
    }
    throw problem;
  }
}

async function send(path, options, key) {
  try {
    return await fetch(ROOT + path, { ...options, headers: { ...options.headers, ...(key ? { 'X-Api-Key': key } : {}) } });
  } catch (error) {
    if (error.name === 'AbortError') {
      throw error;
    }
    throw new Problem('The service cannot be reached. Check the connection and try again.', 0, 'network');
  }
}

async function problemOf(response) {
  const body = await response.json().catch(() => ({}));
  return new Problem(body.detail ?? `The service returned ${response.status} ${response.statusText}.`, response.status, body.code);
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new DOMException('Cancelled.', 'AbortError'));
    }, { once: true });
  });
}
