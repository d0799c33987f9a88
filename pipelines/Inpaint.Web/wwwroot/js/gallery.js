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
        tabindex: '-1',
        onclick: () => onPick(sample.id),
      }, lazyPicture(pathOf(sample.id), '')))));
    this.#enter(buttons()[0]);
    byId('gallery').addEventListener('keydown', (event) => this.#move(event));
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
    for (const button of buttons()) {
      button.setAttribute('aria-pressed', String(button.dataset.sample === id));
    }
    this.#enter(buttons().find((button) => button.dataset.sample === id));
  }

  // There may be hundreds: Tab stops at one of them, arrows go on from it.
  #move(event) {
    const all = buttons();
    const at = all.indexOf(document.activeElement);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (at >= 0 && all[to]) {
      event.preventDefault();
      this.#enter(all[to]);
      all[to].focus();
    }
  }

  #enter(button) {
    if (button) {
      buttons().forEach((other) => { other.tabIndex = other === button ? 0 : -1; });
    }
  }
}

const buttons = () => [...document.querySelectorAll('#gallery button')];

const pathOf = (id) => `samples/${encodeURIComponent(id)}`;
