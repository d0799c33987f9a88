import { getBlob, getJson } from './api.js';
import { byId, element } from './dom.js';
import { lazyPicture } from './lazyPicture.js';
import { readPhoto } from './photo.js';
import { sayError } from './status.js';
import { withRetry } from './retryNotice.js';

const PAGE = 60;
const THUMBNAIL = 128;

/** The sample photos of the service, loaded in pages. */
export class Gallery {
  #samples = [];
  #total = null;
  #loading = null;
  #failed = false;
  #onPick;
  #onRetry;

  /** `onPick` receives the id of a clicked photo; `onRetry` is called when the user retries a failed load. */
  constructor(onPick, onRetry) {
    this.#onPick = onPick;
    this.#onRetry = onRetry;
    byId('gallery').addEventListener('keydown', (event) => this.#move(event));
    byId('gallery-more').addEventListener('click', () => this.#more().catch(sayError));
    const nearEnd = (entries) => entries.at(-1).isIntersecting && !this.#failed && this.#more().catch(sayError);
    new IntersectionObserver(nearEnd, { root: byId('gallery-strip'), rootMargin: '0px 400px' }).observe(byId('gallery-more'));
  }

  /** Loads the first page, if it is not loaded; a failure is shown with a retry button. */
  async load() {
    if (this.#total === null || this.#failed) {
      await this.#more();
    }
  }

  get first() { return this.#samples[0]?.id; }

  /** Loads a photo. */
  async photo(id) {
    const blob = await getBlob(pathOf(id));
    const caption = this.#samples.find((sample) => sample.id === id)?.caption ?? '';
    return readPhoto(blob, { name: `${id}.png`, sample: id, caption });
  }

  /** Marks the photo in the editor; null for none. */
  mark(id) {
    for (const button of buttons()) {
      button.setAttribute('aria-pressed', String(button.dataset.sample === id));
    }
    this.#setTabStop(buttons().find((button) => button.dataset.sample === id));
  }

  #more() {
    this.#loading ??= this.#fetch().finally(() => { this.#loading = null; });
    return this.#loading;
  }

  #fetch() {
    this.#failed = true;
    return withRetry(byId('gallery-notice'), this.#onRetry, async () => {
      const { samples, total } = await getJson(`samples?skip=${this.#samples.length}&take=${PAGE}`);
      // Without paging, all samples arrive at once and there is no total.
      this.#samples.push(...samples);
      this.#total = samples.length > 0 ? total ?? this.#samples.length : this.#samples.length;
      byId('gallery').append(...samples.map((sample) => this.#tile(sample)));
      this.#failed = false;
      this.#showCount();
    });
  }

  #showCount() {
    const [shown, total] = [this.#samples.length, this.#total];
    byId('gallery-more').hidden = shown >= total;
    byId('gallery-count').textContent = shown < total
      ? `${shown.toLocaleString('en')} of ${total.toLocaleString('en')} shown`
      : `${total.toLocaleString('en')} ${total === 1 ? 'photo' : 'photos'}`;
    if (!buttons().some(({ tabIndex }) => tabIndex === 0)) {
      this.#setTabStop(buttons()[0]);
    }
  }

  #tile({ id, caption }) {
    const name = caption ?? id;
    return element('li', {}, element('button', {
      type: 'button', 'aria-label': name, 'aria-pressed': 'false', title: name, tabindex: '-1',
      'data-sample': id, 'data-testid': 'sample', onclick: () => this.#onPick(id),
    }, lazyPicture(`${pathOf(id)}?size=${THUMBNAIL}`, '', { loading: 'lazy', width: 64, height: 64 })));
  }

  // Roving tab stop: Tab reaches one photo, the arrow keys move between them.
  #move(event) {
    const all = buttons();
    const at = all.indexOf(document.activeElement);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (at >= 0 && all[to]) {
      event.preventDefault();
      this.#setTabStop(all[to]);
      all[to].focus();
    }
  }

  #setTabStop(button) {
    if (button) {
      buttons().forEach((other) => { other.tabIndex = other === button ? 0 : -1; });
    }
  }
}

const buttons = () => [...document.querySelectorAll('#gallery button')];

const pathOf = (id) => `samples/${encodeURIComponent(id)}`;
