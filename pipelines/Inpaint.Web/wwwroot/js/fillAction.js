import { byId } from './dom.js';
import { fill } from './filling.js';
import { History } from './history.js';
import { NO_PHOTO } from './photo.js';
import { Results } from './results.js';
import { say, sayError } from './status.js';

/** Fills the hole on request, and shows results and history. */
export class FillAction {
  #results = new Results();
  #history = new History((results, selected) => this.#showAgain(results, selected));
  #running = null;
  #editor;
  #settings;

  constructor(editor, settings) {
    this.#editor = editor;
    this.#settings = settings;
    byId('settings').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#start();
    });
    byId('cancel').addEventListener('click', () => this.#running?.abort());
    document.addEventListener('keydown', (event) => {
      if (event.target.closest?.('dialog')) {
        return;
      }
      if (event.key === 'Escape' && this.#running) {
        this.#running.abort();
      } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !byId('view-try').hidden) {
        event.preventDefault();
        this.#start();
      }
    });
  }

  async #start() {
    const { photo } = this.#editor;
    if (this.#running) {
      return;
    }
    if (!photo) {
      say(NO_PHOTO, { error: true });
      return;
    }
    const hole = this.#hole();
    if (!hole) {
      say('The mask is empty. Paint over the part that the graph should fill.', { error: true });
      return;
    }
    this.#running = new AbortController();
    this.#showBusy(true);
    const run = {};
    let shown = 0;
    try {
      const failures = await fill({ photo, hole, ...this.#settings() }, {
        signal: this.#running.signal,
        onProgress: showProgress,
        onResult: (result) => {
          result.run = run;
          if (shown++ === 0) {
            this.#results.show([result]);
            this.#results.scrollTo(result.graph);
          } else {
            this.#results.add(result);
          }
          this.#history.add(result);
        },
      });
      showOutcome(shown, failures);
    } catch (error) {
      if (error.name === 'AbortError') {
        say('Cancelled.');
      }
      sayError(error);
    } finally {
      this.#running = null;
      this.#showBusy(false);
    }
  }

  #hole() {
    if (!this.#editor.paints) {
      return { rectangle: this.#editor.hole };
    }
    const { canvas, hidden } = this.#editor.mask.snapshot();
    return hidden > 0 ? { mask: canvas } : null;
  }

  #showBusy(busy) {
    const [button, cancel] = [byId('fill'), byId('cancel')];
    const hadFocus = document.activeElement === (busy ? button : cancel);
    cancel.hidden = !busy;
    button.disabled = busy;
    byId('fill-progress').hidden = !busy;
    byId('settings').setAttribute('aria-busy', String(busy));
    if (!busy) {
      button.textContent = 'Fill';
    }
    if (hadFocus) {
      (busy ? cancel : button).focus({ preventScroll: true });
    }
  }

  #showAgain(results, selected) {
    this.#results.show(results);
    this.#results.scrollTo(selected.graph);
    say(`The result of ${selected.graph} is shown again.`);
  }
}

function showProgress(done, total, graph) {
  const text = total > 1 ? `Filling ${done + 1} of ${total} …` : 'Filling …';
  byId('fill').textContent = text;
  const bar = byId('fill-progress');
  bar.max = total;
  if (total > 1) {
    bar.value = done;
  } else {
    bar.removeAttribute('value');
  }
  say(graph ? `Filling with ${graph} …` : text);
}

function showOutcome(shown, failures) {
  if (failures.length > 0) {
    say(failures.join(' '), { error: true });
  } else {
    const [milliseconds, psnr] = ['result-milliseconds', 'result-psnr']
      .map((id) => document.querySelector(`#results [data-testid=${id}]`)?.textContent);
    say(shown === 1 ? `Done in ${milliseconds}${psnr ? `, ${psnr}` : ''}.` : `${shown} graphs are done.`);
  }
}
