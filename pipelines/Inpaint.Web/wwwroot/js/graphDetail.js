import { getText, post } from './api.js';
import { byId, element } from './dom.js';
import { contractOf } from './graphContract.js';
import { lazyPicture } from './lazyPicture.js';
import { renderMarkdown } from './markdown.js';
import { say, sayError } from './status.js';

/** One graph in full. Parts are made anew only where what they show has changed, so that focus stays. */
export class GraphDetail {
  #place = byId('graph-detail');
  #name = null;
  #shown = '';
  #card = '';
  #parts = {};

  /** `onReload` is called after a graph's files were taken into use or refused. */
  constructor(onReload) {
    this.onReload = onReload;
  }

  show(graph) {
    if (graph.name !== this.#name) {
      this.#build(graph.name);
    }
    const text = JSON.stringify(graph);
    if (text !== this.#shown) {
      this.#shown = text;
      this.#parts.about.textContent = graph.description ?? '';
      this.#parts.refused.replaceChildren(...(graph.refused ? [element('p', { class: 'warning', 'data-testid': 'graph-refused' }, element('strong', {}, 'Refused: '), graph.refused)] : []));
      this.#parts.contract.replaceChildren(...contractOf(graph));
    }
    if (this.#card !== `${graph.name} ${graph.sha256}`) {
      this.#card = `${graph.name} ${graph.sha256}`;
      this.#showCard(graph.name);
    }
  }

  #build(name) {
    this.#name = name;
    this.#shown = '';
    const [about, refused, contract, sheet, card] = ['p', 'div', 'div', 'div', 'div'].map((kind) => element(kind));
    card.className = 'graph-card';
    card.dataset.testid = 'graph-card';
    contract.dataset.testid = 'graph-contract';
    this.#parts = { about, refused, contract, sheet, card };
    this.#place.replaceChildren(
      element('div', { class: 'detail-head' },
        element('h2', { id: 'graph-name' }, name),
        element('button', { type: 'button', id: 'graph-reload', 'data-testid': 'graph-reload', onclick: () => this.#reload(name) }, 'Reload')),
      about, refused, contract,
      sheet, element('h3', {}, 'Card'), card);
  }

  async #showCard(name) {
    const asked = this.#card;
    try {
      const text = await getText(`graphs/${encodeURIComponent(name)}/card`, { quiet: true });
      if (asked === this.#card) {
        // The title repeats the graph's name.
        this.#parts.card.replaceChildren(renderMarkdown(text.replace(/^# .*\n/, '')));
        this.#parts.sheet.replaceChildren(...(text.includes('(sheet.png)') ? sheetOf(name) : []));
      }
    } catch (error) {
      if (asked === this.#card) {
        // It is asked for again when the graphs are looked at next.
        this.#card = '';
        this.#parts.card.replaceChildren(element('p', { class: 'hint' }, error.message));
      }
    }
  }

  async #reload(name) {
    say(`${name} is being reloaded.`);
    try {
      await post(`graphs/${encodeURIComponent(name)}/reload`);
      say(`${name} is reloaded.`);
    } catch (error) {
      sayError(error);
    }
    await this.onReload();
  }
}

// Only where the card shows it: some graphs have none.
function sheetOf(name) {
  return [
    element('h3', {}, 'Scenes that it completed'),
    element('div', { class: 'table-scroll', tabindex: '0', role: 'group', 'aria-label': 'Scenes' },
      lazyPicture(`graphs/${encodeURIComponent(name)}/sheet`, `Scenes: the hole, the fill of ${name}, the truth`, { class: 'sheet', 'data-testid': 'graph-sheet' })),
  ];
}
