import { postJson } from './api.js';
import { byId, element } from './dom.js';

const DELAY = 250;

/** The caption, and which of its words the selected graphs know. */
export class CaptionBox {
  #field = byId('caption');
  #words = byId('caption-words');
  #graphs = [];
  #timer = 0;
  #request = null;

  constructor() {
    this.#field.addEventListener('input', () => this.#askSoon());
  }

  get text() { return this.#field.value.trim(); }

  set text(caption) {
    this.#field.value = caption;
    this.#askSoon();
  }

  /** Sets the graphs whose vocabularies are shown. */
  use(graphs) {
    this.#graphs = graphs;
    this.#askSoon();
  }

  #askSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#update(), DELAY);
  }

  async #update() {
    this.#request?.abort();
    this.#request = new AbortController();
    const { signal } = this.#request;
    const captioned = this.#graphs.filter(({ caption }) => caption);
    const others = this.#graphs.filter(({ caption }) => !caption).map(({ name }) => name);
    const lines = await Promise.all(captioned.map((graph) =>
      this.#line(graph, signal).catch(({ message }) => hint(`${graph.name}: ${message}`))));
    if (others.length > 0) {
      lines.push(hint(`${others.join(', ')} ${others.length > 1 ? 'take' : 'takes'} no captions.`));
    }
    if (!signal.aborted) {
      this.#words.replaceChildren(...lines);
    }
  }

  async #line({ name, caption }, signal) {
    if (!this.text) {
      return hint(caption.required ? `${name} requires a caption.` : `${name} knows ${caption.vocabulary_size} words.`);
    }
    const { known, unknown } = await postJson(`graphs/${encodeURIComponent(name)}/caption`, { text: this.text }, { signal, quiet: true });
    return element('p', { class: 'word-line', 'data-graph': name }, `${name} `,
      ...list('knows', known, 'known'),
      ...list(known.length > 0 ? 'but not' : 'does not know', unknown, 'unknown'));
  }
}

const hint = (text) => element('p', { class: 'hint' }, text);

const list = (verb, words, kind) => (words.length === 0 ? [] : [
  `${verb} `,
  ...words.flatMap((word) => [element('span', { class: `word ${kind}`, 'data-testid': `${kind}-word` }, word), ' ']),
]);
