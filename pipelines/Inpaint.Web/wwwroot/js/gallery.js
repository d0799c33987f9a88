import { getBlob, getJson } from './api.js';
import { byId, element } from './dom.js';
import { lazyPicture } from './lazyPicture.js';
import { readPhoto } from './photo.js';

/** The photos that the service offers. */
export class Gallery {
  #samples = [];

  /** Shows them; a click gives the id to `onPick`. */
  async load(onPick) {
    ({ samples: this.#samples } = await getJson('samples'));
    byId('gallery').replaceChildren(...this.#samples.map((sample) => element('li', {},
      element('button', {
        type: 'button',
        'aria-label': sample.caption ?? sample.id,
        'aria-pressed': 'false',
        title: sample.caption ?? sample.id,
        'data-sample': sample.id,
        'data-testid': 'sample',
        onclick: () => onPick(sample.id),
      }, lazyPicture(pathOf(sample.id), '')))));
  }

  get first() { return this.#samples[0]?.id; }

  /** One of them as a photo. */
  async photo(id) {
    const blob = await getBlob(pathOf(id));
    const caption = this.#samples.find((sample) => sample.id === id)?.caption ?? '';
    return readPhoto(blob, { name: `${id}.png`, sample: id, caption });
  }

  /** Marks the one that is being completed; null for none. */
  mark(id) {
    for (const button of document.querySelectorAll('#gallery button')) {
      button.setAttribute('aria-pressed', String(button.dataset.sample === id));
    }
  }
}

const pathOf = (id) => `samples/${encodeURIComponent(id)}`;
