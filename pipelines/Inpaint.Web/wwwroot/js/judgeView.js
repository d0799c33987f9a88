import { getJson, postJson } from './api.js';
import { byId, isTextField } from './dom.js';
import { GraphChoices } from './graphChoices.js';
import { JudgePairs } from './judgePairs.js';
import { preferenceTable } from './preferenceTable.js';
import { showPair, showHole, clearPair } from './judgePicture.js';
import { singleKeysAllowed } from './shortcuts.js';
import { say, sayError } from './status.js';
import { retryNotice } from './retryNotice.js';

const KEYS = { ArrowLeft: 'left', ArrowRight: 'right', '=': 'equal', e: 'equal', s: 'skip' };
const TRUTH = { name: 'truth', description: 'The original photo.' };
const CHOICES = ['left', 'right', 'equal', 'skip'];
const LABELS = { left: 'A', right: 'B', equal: 'equal' };

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

  /** Refreshes the list of graphs; new graphs are selected. */
  async open() {
    byId('judge-notice').replaceChildren();
    try {
      const known = this.#choices.names;
      const { graphs } = await getJson('graphs');
      const names = graphs.map(({ name }) => name);
      const selected = [...this.#choices.selected, ...names.filter((name) => !known.includes(name))];
      this.#choices.show([...graphs, TRUTH]);
      this.#choices.select(selected);
      const added = names.some((name) => !known.includes(name));
      const removed = known.some((name) => !this.#choices.names.includes(name));
      if (!this.#pair || added || removed) {
        this.#begin();
      }
      await this.#showTable();
    } catch (error) {
      this.#fail(error, () => this.open());
    }
  }

  #begin() {
    this.#pairs.use(this.#choices.selected);
    return this.#next();
  }

  async #next() {
    const turn = ++this.#turn;
    const focused = document.activeElement;
    this.#pair = null;
    this.#enable(false);
    byId('judge-notice').replaceChildren();
    if (this.#choices.selected.length < 2) {
      clearPair('Select two or more to compare.');
      return;
    }
    try {
      const pair = await this.#pairs.next();
      if (turn === this.#turn) {
        this.#pair = pair;
        showPair(pair);
        this.#enable(true);
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

  // The pair stays until the vote is saved.
  async #vote(choice, pair = this.#pair) {
    if (!pair || this.#isVoting) {
      return;
    }
    this.#isVoting = true;
    byId('judge-notice').replaceChildren();
    try {
      const { votes } = await postJson('judge/votes', { pair: pair.pair, choice });
      say(choice === 'skip' ? 'Skipped.' : `Your vote: ${LABELS[choice]}. ${votes} ${votes === 1 ? 'vote' : 'votes'} so far.`);
      this.#showTable().catch(sayError);
    } catch (error) {
      // Voting on a pair that the service no longer knows cannot be retried.
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

  #fail(error, onRetry) {
    byId('judge-notice').replaceChildren(retryNotice(error, onRetry));
    sayError(error);
  }

  #key(event) {
    const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
    const isElsewhere = isTextField(event.target) || event.target.closest('dialog, .table-scroll') || byId('view-judge').hidden;
    if (event.repeat || hasModifier || isElsewhere || !singleKeysAllowed(event.target.closest('#judge-pair') !== null)) {
      return;
    }
    const choice = KEYS[event.key];
    if (choice) {
      event.preventDefault();
      this.#vote(choice);
    } else if (event.key === 'h') {
      this.#toggleHole();
    }
  }

  #toggleHole() {
    const button = byId('judge-hole');
    const marked = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(marked));
    showHole(marked);
  }

  // Disabled buttons lose the focus; it is restored with the next pair.
  #enable(enabled) {
    byId('judge-pair').setAttribute('aria-busy', String(!enabled));
    for (const choice of CHOICES) {
      byId(`judge-${choice}`).disabled = !enabled;
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
