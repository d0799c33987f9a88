import { getJson } from './api.js';
import { byId, element } from './dom.js';

const PAUSE = 250;

/** The caption, and which of its words the picked graphs know. */
export class CaptionBox {
  #field = byId('caption');
  #words = byId('caption-words');
  #graphs = [];
  #timer = 0;
  #asked = null;

  constructor() {
    this.#field.addEventListener('input', () => this.#askSoon());
  }

  get text() { return this.#field.value.trim(); }

  set text(caption) {
    this.#field.value = caption;
    this.#askSoon();
  }

  /** The graphs whose vocabularies count. */
  use(graphs) {
    this.#graphs = graphs;
    this.#askSoon();
  }

  #askSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), PAUSE);
  }

  async #ask() {
    this.#asked?.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    const lines = await Promise.all(this.#graphs.map((graph) => this.#line(graph, signal).catch((error) => error)));
    if (!signal.aborted) {
      this.#words.replaceChildren(...lines.map((line) => (line instanceof Error ? element('p', { class: 'hint' }, line.message) : line)));
    }
  }

  async #line({ name, caption }, signal) {
    const says = (sentence) => element('p', { class: 'hint', 'data-graph': name }, sentence);
    if (!caption) {
      return says(`${name} takes no captions.`);
    }
    if (!this.text) {
      return says(caption.required ? `${name} needs a caption.` : `${name} knows ${caption.vocabulary_size} words.`);
    }
    const { known, unknown } = await getJson(`graphs/${encodeURIComponent(name)}/caption?text=${encodeURIComponent(this.text)}`, { signal, quiet: true });
    return element('p', { class: 'word-line', 'data-graph': name }, `${name} `,
      ...list('knows', known, 'known'),
      ...list(known.length > 0 ? 'but not' : 'does not know', unknown, 'unknown'));
  }
}

const list = (verb, words, kind) => (words.length === 0 ? [] : [
  `${verb} `,
  ...words.flatMap((word) => [element('span', { class: `word ${kind}`, 'data-testid': `${kind}-word` }, word), ' ']),
]);
