import { byId } from './dom.js';
import { CaptionBox } from './captionBox.js';
import { Editor } from './editor.js';
import { FillAction } from './fillAction.js';
import { Gallery } from './gallery.js';
import { GraphPicker } from './graphPicker.js';
import { holeText, parseHole } from './hole.js';
import { readPhoto } from './photo.js';
import { connectPhotoSources } from './photoSources.js';
import { linkTo, settingsOf } from './routes.js';
import { say, sayError } from './status.js';

/** The view where photos are completed. */
export class TryView {
  #editor = new Editor();
  #gallery = new Gallery();
  #picker = new GraphPicker();
  #caption = new CaptionBox();
  #newest = 0;
  #restored = null;

  constructor() {
    connectPhotoSources((file) => this.#take(() => readPhoto(file)));
    this.#picker.addEventListener('change', () => this.#caption.use(this.#picker.filling));
    this.#editor.addEventListener('kind', () => this.#picker.suit(this.#editor.paints));
    new FillAction(this.#editor, () => ({ caption: this.#caption.text, graphs: this.#picker.names, feather: feather() }));
    byId('permalink').addEventListener('click', () => this.#copyLink().catch(sayError));
    this.#editor.addEventListener('change', () => { byId('permalink').disabled = !this.#editor.photo?.sample; });
    this.ready = this.#load();
  }

  /** Restores what a link says, once for each link. */
  async open(query) {
    await this.ready;
    const settings = settingsOf(query);
    const key = query.toString();
    if (settings && key !== this.#restored) {
      this.#restored = key;
      await this.#restore(settings);
    } else if (!this.#editor.photo && this.#newest === 0 && this.#gallery.first) {
      await this.#takeSample(this.#gallery.first);
    }
  }

  async #load() {
    const loads = await Promise.allSettled([
      this.#gallery.load((id) => this.#takeSample(id)),
      this.#picker.load().then(() => this.#picker.suit(false)),
    ]);
    const failed = loads.find(({ status }) => status === 'rejected');
    if (failed) {
      sayError(failed.reason);
    }
  }

  #takeSample(id, hole) {
    return this.#take(() => this.#gallery.photo(id), hole);
  }

  // The photo that was asked for last wins, however long each takes.
  async #take(read, hole = null) {
    const turn = ++this.#newest;
    try {
      const photo = await read();
      if (turn === this.#newest) {
        this.#gallery.mark(photo.sample);
        this.#caption.text = photo.caption;
        this.#editor.show(photo, hole);
        byId('fill').disabled = false;
        say(`${photo.name}, ${photo.width} × ${photo.height} pixels.`);
        return true;
      }
    } catch (error) {
      sayError(error);
    }
    return false;
  }

  async #restore({ sample, hole, caption, graphs, feather: pixels }) {
    this.#editor.setTool('rectangle');
    const unknown = graphs.length > 0 ? this.#picker.choose(graphs) : [];
    byId('feather').value = pixels;
    if (await this.#takeSample(sample, parseHole(hole))) {
      this.#caption.text = caption;
      say(unknown.length > 0 ? `The link names graphs that are not here: ${unknown.join(', ')}.` : 'The settings of the link are restored.', { error: unknown.length > 0 });
    }
  }

  async #copyLink() {
    const { photo, hole, paints } = this.#editor;
    const hash = linkTo({ sample: photo.sample, hole: paints ? null : holeText(hole), caption: this.#caption.text, graphs: this.#picker.names, feather: feather() });
    this.#restored = hash.slice(hash.indexOf('?') + 1);
    history.replaceState(null, '', hash);
    const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
    const left = paints ? ' The painted mask is not part of it.' : '';
    say((copied ? 'The link is copied.' : 'The link is in the address bar.') + left);
  }
}

const feather = () => Math.min(4096, Math.max(0, byId('feather').valueAsNumber || 0));
