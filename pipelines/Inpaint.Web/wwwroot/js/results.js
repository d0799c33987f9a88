import { byId, element, isTextField } from './dom.js';
import { compareView } from './compareView.js';
import { stem } from './photo.js';
import { singleKeysAllowed } from './shortcuts.js';

/** The completed photos, side by side. */
export class Results {
  #list = byId('results');
  #views = new Set();

  constructor() {
    const hold = (shown) => (event) => {
      const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
      if (event.key.toLowerCase() === 'o' && !hasModifier && !isTextField(event.target) && (!shown || singleKeysAllowed())) {
        this.#views.forEach((view) => view.showOriginal(shown));
      }
    };
    document.addEventListener('keydown', hold(true));
    document.addEventListener('keyup', hold(false));
    window.addEventListener('blur', () => this.#views.forEach((view) => view.showOriginal(false)));
  }

  clear() {
    this.#views.forEach((view) => view.dispose());
    this.#views.clear();
    this.#list.replaceChildren();
  }

  add(result) {
    byId('results-empty').hidden = true;
    this.#list.append(this.#card(result));
  }

  /** Shows these results and no others. */
  show(results) {
    this.clear();
    results.forEach((result) => this.add(result));
  }

  /** Scrolls to a result, unless it is visible. */
  scrollTo(graph) {
    const card = this.#list.querySelector(`[data-graph="${CSS.escape(graph)}"]`);
    const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
    // The size of an image is known in the next frame.
    requestAnimationFrame(() => requestAnimationFrame(() => {
      if (card?.isConnected && !isVisible(card)) {
        card.scrollIntoView({ block: 'nearest', behavior });
      }
    }));
  }

  #card(result) {
    const view = compareView(result);
    this.#views.add(view);
    const original = toggle('Original', 'original-button', (pressed) => view.showOriginal(pressed));
    const actual = toggle('Actual size', 'actual-size', (pressed) => {
      view.frame.classList.toggle('actual-size', pressed);
      view.frame.dispatchEvent(new Event('resized'));
    });
    return element('article', {
      class: 'card result', 'data-testid': 'result', 'data-graph': result.graph, 'aria-label': `Completed by ${result.graph}`,
    },
      element('div', { class: 'result-head' },
        element('h3', { 'data-testid': 'result-graph' }, result.graph),
        element('p', { class: 'figures' },
          element('span', { 'data-testid': 'result-milliseconds' }, `${result.milliseconds.toFixed(0)} ms`),
          result.psnr ? element('span', {
            'data-testid': 'result-psnr', title: 'Peak signal-to-noise ratio of the hole, against the photo',
          }, `hole PSNR ${result.psnr}`) : null,
          element('span', {}, `${result.width} × ${result.height}`))),
      element('div', { class: 'actions' }, original, actual,
        element('a', {
          class: 'button', href: view.url, download: `${stem(result.original.name)}-${result.graph}.png`,
          'data-testid': 'download', title: 'The completed photo as PNG',
        }, 'Download')),
      view.frame);
  }
}

const isVisible = (card) => card.getBoundingClientRect().top >= 0
  && card.lastElementChild.getBoundingClientRect().bottom <= document.querySelector('.status-bar').getBoundingClientRect().top;

function toggle(text, testId, onChange) {
  return element('button', {
    type: 'button', 'aria-pressed': 'false', 'data-testid': testId,
    onclick: ({ currentTarget: button }) => {
      const pressed = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(pressed));
      onChange(pressed);
    },
  }, text);
}
