import { getJson, postJson } from './api.js';
import { byId, isTextField } from './dom.js';
import { GraphChoices } from './graphChoices.js';
import { JudgePairs } from './judgePairs.js';
import { preferenceTable } from './preferenceTable.js';
import { showPair, showHole, clearPair } from './judgePicture.js';
import { singleKeysAllowed } from './shortcuts.js';
import { say, sayError } from './status.js';
import { tryAgain } from './tryAgain.js';

const KEYS = { ArrowLeft: 'left', ArrowRight: 'right', '=': 'equal', e: 'equal', s: 'skip' };
const TRUTH = { name: 'truth', description: 'The photo itself.' };
const CHOICES = ['left', 'right', 'equal', 'skip'];
const SAID = { left: 'A', right: 'B', equal: 'equal' };

/** Blind comparison of two fills. */
export class JudgeView {
  #choices = new GraphChoices(byId('judge-graphs').querySelector('.graph-choices'), 'judge-graph');
  #pairs = new JudgePairs();
  #pair = null;
  #turn = 0;
  #tableTurn = 0;
  #isVoting = false;

  constructor() {
    this.#choices.addEventListener('change', () => this.#begin());
    for (const choice of CHOICES) {
      byId(`judge-${choice}`).addEventListener('click', () => this.#vote(choice));
    }
    byId('judge-hole').addEventListener('click', () => this.#toggleHole());
    document.addEventListener('keydown', (event) => this.#key(event));
  }

  /** Looks at the graphs again; those that are new are compared too. */
  async open() {
    byId('judge-notice').replaceChildren();
    try {
      const known = this.#choices.names;
      const { graphs } = await getJson('graphs');
      const names = graphs.map(({ name }) => name);
      const ticked = [...this.#choices.ticked, ...names.filter((name) => !known.includes(name))];
      this.#choices.show([...graphs, TRUTH]);
      this.#choices.tick(ticked);
      if (!this.#pair || names.some((name) => !known.includes(name)) || known.some((name) => !this.#choices.names.includes(name))) {
        this.#begin();
      }
      await this.#showTable();
    } catch (error) {
      this.#fail(error, () => this.open());
    }
  }

  #begin() {
    this.#pairs.from(this.#choices.ticked);
    return this.#next();
  }

  async #next() {
    const turn = ++this.#turn;
    const focused = document.activeElement;
    this.#pair = null;
    this.#allow(false);
    byId('judge-notice').replaceChildren();
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
        clearPair('');
        this.#fail(error, () => this.#next());
      }
    }
  }

  // The pair stays until the vote is kept; the next one was fetched meanwhile.
  async #vote(choice, pair = this.#pair) {
    if (!pair || this.#isVoting) {
      return;
    }
    this.#isVoting = true;
    byId('judge-notice').replaceChildren();
    try {
      const { votes } = await postJson('judge/votes', { pair: pair.pair, choice });
      say(choice === 'skip' ? 'Skipped.' : `Your vote: ${SAID[choice]}. ${votes} ${votes === 1 ? 'vote' : 'votes'} so far.`);
      this.#showTable().catch(sayError);
    } catch (error) {
      // A pair that the service does not know any more cannot be voted on again.
      if (error.code !== 'unknown_pair') {
        this.#fail(error, () => this.#vote(choice, pair));
        return;
      }
      sayError(error);
    } finally {
      this.#isVoting = false;
    }
    if (pair === this.#pair) {
      await this.#next();
    }
  }

  #fail(error, onAgain) {
    byId('judge-notice').replaceChildren(tryAgain(error, onAgain));
    sayError(error);
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
    const turn = ++this.#tableTurn;
    const votes = await getJson('judge/table', { quiet: true });
    if (turn === this.#tableTurn) {
      byId('judge-table').replaceChildren(...preferenceTable(votes));
    }
  }
}
