import { getBlob, getJson } from './api.js';
import { byId, element } from './dom.js';
import { lazyPicture } from './lazyPicture.js';
import { readPhoto } from './photo.js';
import { sayError } from './status.js';
import { tryAgain } from './tryAgain.js';

const PAGE = 60;
const THUMBNAIL = 128;

/** The photos that the service offers, some at a time. */
export class Gallery {
  #samples = [];
  #total = null;
  #loading = null;
  #failed = false;
  #onPick;
  #onAgain;

  /** A click on one gives its id to `onPick`; `onAgain` is called where they could not be had and someone tries again. */
  constructor(onPick, onAgain) {
    this.#onPick = onPick;
    this.#onAgain = onAgain;
    byId('gallery').addEventListener('keydown', (event) => this.#move(event));
    byId('gallery-more').addEventListener('click', () => this.#more().catch(sayError));
    const nearEnd = (entries) => entries.at(-1).isIntersecting && !this.#failed && this.#more().catch(sayError);
    new IntersectionObserver(nearEnd, { root: byId('gallery-strip'), rootMargin: '0px 400px' }).observe(byId('gallery-more'));
  }

  /** Shows the first of them, unless they are shown; where that fails, it says why and offers to try again. */
  async load() {
    if (this.#total === null || this.#failed) {
      await this.#more();
    }
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

  #more() {
    this.#loading ??= this.#fetch().finally(() => { this.#loading = null; });
    return this.#loading;
  }

  async #fetch() {
    const place = byId('gallery-notice');
    try {
      const { samples, total } = await getJson(`samples?skip=${this.#samples.length}&take=${PAGE}`);
      // A service that knows no pages gives all at once, and no total.
      this.#samples.push(...samples);
      this.#total = samples.length > 0 ? total ?? this.#samples.length : this.#samples.length;
      byId('gallery').append(...samples.map((sample) => this.#tile(sample)));
      this.#failed = false;
      place.replaceChildren();
      this.#showCount();
    } catch (error) {
      this.#failed = true;
      place.replaceChildren(tryAgain(error, this.#onAgain));
      throw error;
    }
  }

  #showCount() {
    const [shown, all] = [this.#samples.length, this.#total];
    byId('gallery-more').hidden = shown >= all;
    byId('gallery-count').textContent = shown < all
      ? `${shown.toLocaleString('en')} of ${all.toLocaleString('en')} shown`
      : `${all.toLocaleString('en')} ${all === 1 ? 'photo' : 'photos'}`;
    if (!buttons().some(({ tabIndex }) => tabIndex === 0)) {
      this.#enter(buttons()[0]);
    }
  }

  #tile({ id, caption }) {
    const name = caption ?? id;
    return element('li', {}, element('button', {
      type: 'button', 'aria-label': name, 'aria-pressed': 'false', title: name, tabindex: '-1',
      'data-sample': id, 'data-testid': 'sample', onclick: () => this.#onPick(id),
    }, lazyPicture(`${pathOf(id)}?size=${THUMBNAIL}`, '', { loading: 'lazy', width: 64, height: 64 })));
  }

  // There may be thousands: Tab stops at one of them, arrows go on from it.
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
