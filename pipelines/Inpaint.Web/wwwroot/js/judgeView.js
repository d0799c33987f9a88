import { getJson, postJson } from './api.js';
import { byId, isTextField } from './dom.js';
import { GraphChoices } from './graphChoices.js';
import { JudgePairs } from './judgePairs.js';
import { preferenceTable } from './preferenceTable.js';
import { showPair, showHole, clearPair } from './judgePicture.js';
import { singleKeysAllowed } from './shortcuts.js';
import { say, sayError } from './status.js';

const KEYS = { ArrowLeft: 'left', ArrowRight: 'right', '=': 'equal', e: 'equal', s: 'skip' };
const TRUTH = { name: 'truth', description: 'The photo itself.' };
const CHOICES = ['left', 'right', 'equal', 'skip'];

/** Blind comparison of two fills. */
export class JudgeView {
  #choices = new GraphChoices(byId('judge-graphs').querySelector('.graph-choices'), 'judge-graph');
  #pairs = new JudgePairs();
  #pair = null;
  #turn = 0;
  #isSetUp = false;

  constructor() {
    this.#choices.addEventListener('change', () => this.#begin());
    for (const choice of CHOICES) {
      byId(`judge-${choice}`).addEventListener('click', () => this.#vote(choice));
    }
    byId('judge-hole').addEventListener('click', () => this.#toggleHole());
    document.addEventListener('keydown', (event) => this.#key(event));
  }

  async open() {
    try {
      if (!this.#isSetUp) {
        const { graphs } = await getJson('graphs');
        this.#choices.show([...graphs, TRUTH]);
        this.#choices.tick(graphs.map(({ name }) => name));
        this.#isSetUp = true;
        this.#begin();
      }
      await this.#showTable();
    } catch (error) {
      sayError(error);
    }
  }

  #begin() {
    this.#pairs.from(this.#choices.ticked);
    this.#next();
  }

  async #next() {
    const turn = ++this.#turn;
    const focused = document.activeElement;
    this.#pair = null;
    this.#allow(false);
    if (this.#choices.ticked.length < 2) {
      clearPair('Tick two or more to compare.');
      return;
    }
    try {
      const pair = await this.#pairs.next();
      if (turn === this.#turn) {
        this.#pair = pair;
        showPair(pair);
        this.#allow(true);
        if (document.activeElement === document.body) {
          focused.focus();
        }
      }
    } catch (error) {
      if (turn === this.#turn) {
        clearPair('There is no pair to judge.');
        sayError(error);
      }
    }
  }

  // The next pair is shown while the vote is on its way.
  async #vote(choice) {
    const pair = this.#pair;
    if (!pair) {
      return;
    }
    this.#next();
    try {
      const { votes } = await postJson('judge/votes', { pair: pair.pair, choice });
      say(choice === 'skip' ? 'Skipped.' : `Your vote: ${choice}. ${votes} ${votes === 1 ? 'vote' : 'votes'} so far.`);
      await this.#showTable();
    } catch (error) {
      sayError(error);
    }
  }

  #key(event) {
    if (byId('view-judge').hidden || event.repeat || event.ctrlKey || event.metaKey || event.altKey || isTextField(event.target) || event.target.closest('dialog, .table-scroll')) {
      return;
    }
    const choice = KEYS[event.key];
    if (choice && singleKeysAllowed(event.target.closest('#judge-pair') !== null)) {
      event.preventDefault();
      this.#vote(choice);
    } else if (event.key === 'h' && singleKeysAllowed(event.target.closest('#judge-pair') !== null)) {
      this.#toggleHole();
    }
  }

  #toggleHole() {
    const button = byId('judge-hole');
    const marked = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(marked));
    showHole(marked);
  }

  // A button that may not be pressed loses focus; it has it again with the next pair.
  #allow(allowed) {
    byId('judge-pair').setAttribute('aria-busy', String(!allowed));
    for (const choice of CHOICES) {
      byId(`judge-${choice}`).disabled = !allowed;
    }
  }

  async #showTable() {
    byId('judge-table').replaceChildren(...preferenceTable(await getJson('judge/table', { quiet: true })));
  }
}
