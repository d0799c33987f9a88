import { getText, post } from './api.js';
import { byId, element } from './dom.js';
import { contractOf } from './graphContract.js';
import { lazyPicture } from './lazyPicture.js';
import { renderMarkdown } from './markdown.js';
import { say, sayError } from './status.js';

/** The details of a graph. Only parts whose content changed are rebuilt, to keep the focus. */
export class GraphDetail {
  #panel = byId('graph-detail');
  #name = null;
  #shown = '';
  #card = '';
  #parts = {};

  /** `onReload` is called after a reload, whether it succeeded or not. */
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
      this.#parts.refused.replaceChildren(...(graph.refused ? [warning(graph.refused)] : []));
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
    this.#panel.replaceChildren(
      element('div', { class: 'detail-head' },
        element('h2', { id: 'graph-name' }, name),
        element('button', {
          type: 'button', id: 'graph-reload', 'data-testid': 'graph-reload', onclick: () => this.#reload(name),
        }, 'Reload')),
      about, refused, contract,
      sheet, element('h3', {}, 'Card'), card);
  }

  async #showCard(name) {
    const requested = this.#card;
    try {
      const text = await getText(`graphs/${encodeURIComponent(name)}/card`, { quiet: true });
      if (requested === this.#card) {
        // The title repeats the graph's name.
        this.#parts.card.replaceChildren(renderMarkdown(text.replace(/^# .*\n/, '')));
        // Some graphs have no sheet.
        this.#parts.sheet.replaceChildren(...(text.includes('(sheet.png)') ? sheetOf(name) : []));
      }
    } catch (error) {
      if (requested === this.#card) {
        // Requested again at the next refresh.
        this.#card = '';
        this.#parts.card.replaceChildren(element('p', { class: 'hint' }, error.message));
      }
    }
  }

  async #reload(name) {
    say(`Reloading ${name} …`);
    try {
      await post(`graphs/${encodeURIComponent(name)}/reload`);
      say(`${name} was reloaded.`);
    } catch (error) {
      sayError(error);
    }
    await this.onReload();
  }
}

const warning = (reason) =>
  element('p', { class: 'warning', 'data-testid': 'graph-refused' }, element('strong', {}, 'Refused: '), reason);

function sheetOf(name) {
  const description = `Scenes: the hole, the fill of ${name}, the original`;
  return [
    element('h3', {}, 'Completed scenes'),
    element('div', { class: 'table-scroll', tabindex: '0', role: 'group', 'aria-label': 'Scenes' },
      lazyPicture(`graphs/${encodeURIComponent(name)}/sheet`, description, { class: 'sheet', 'data-testid': 'graph-sheet' })),
  ];
}
