import { byId } from './dom.js';
import { CaptionBox } from './captionBox.js';
import { Editor } from './editor.js';
import { FillAction } from './fillAction.js';
import { Gallery } from './gallery.js';
import { GraphPicker } from './graphPicker.js';
import { holeText, parseHole } from './hole.js';
import { NO_PHOTO, readPhoto } from './photo.js';
import { connectPhotoSources } from './photoSources.js';
import { currentRoute, linkTo, settingsOf } from './routes.js';
import { say, sayError } from './status.js';

/** The view where photos are completed. */
export class TryView {
  #editor = new Editor();
  #gallery = new Gallery((id) => this.#takeSample(id), () => this.#again());
  #picker = new GraphPicker(() => this.#again());
  #caption = new CaptionBox();
  #newest = 0;
  #isTaking = false;
  #restored = null;

  constructor() {
    connectPhotoSources((file) => this.#take(() => readPhoto(file)));
    this.#picker.addEventListener('change', () => this.#caption.use(this.#picker.filling));
    this.#editor.addEventListener('kind', () => this.#picker.suit(this.#editor.paints));
    new FillAction(this.#editor, () => ({ caption: this.#caption.text, graphs: this.#picker.names, feather: feather() }));
    byId('permalink').addEventListener('click', () => this.#copyLink().catch(sayError));
  }

  /** Looks at the lists again, and restores what a link says, once for each link. */
  async open(query) {
    const loads = await Promise.allSettled([this.#gallery.load(), this.#picker.load()]);
    const failed = loads.find(({ status }) => status === 'rejected');
    if (failed) {
      sayError(failed.reason);
    }
    const settings = settingsOf(query);
    const key = query.toString();
    if (settings && key !== this.#restored) {
      this.#restored = failed ? null : key;
      await this.#restore(settings);
    } else {
      await this.#begin();
    }
  }

  #again() { return this.open(currentRoute().query); }

  // With a photo to try, where there is none yet.
  async #begin() {
    if (!this.#editor.photo && !this.#isTaking && this.#gallery.first) {
      await this.#takeSample(this.#gallery.first);
    }
  }

  #takeSample(id, hole) {
    return this.#take(() => this.#gallery.photo(id), hole);
  }

  // The photo that was asked for last wins, however long each takes. Gives back whether it is shown, and what went wrong.
  async #take(read, hole = null) {
    const turn = ++this.#newest;
    this.#isTaking = true;
    try {
      const photo = await read();
      if (turn !== this.#newest) {
        photo.picture.close();
        return { shown: false };
      }
      this.#gallery.mark(photo.sample);
      this.#caption.text = photo.caption;
      this.#editor.show(photo, hole);
      say(`${photo.name}, ${photo.width} × ${photo.height} pixels.`);
      return { shown: true };
    } catch (error) {
      sayError(error);
      return { shown: false, error };
    } finally {
      this.#isTaking &&= turn !== this.#newest;
    }
  }

  async #restore({ sample, hole, caption, graphs, feather: pixels }) {
    this.#editor.setTool('rectangle');
    const unknown = graphs.length > 0 ? this.#picker.choose(graphs) : [];
    byId('feather').value = pixels;
    const { shown, error } = await this.#takeSample(sample, parseHole(hole));
    if (shown) {
      this.#caption.text = caption;
      say(unknown.length > 0 ? `The link names graphs that are not here: ${unknown.join(', ')}.` : 'The settings of the link are restored.', { error: unknown.length > 0 });
    } else if (error?.status === 404) {
      await this.#begin();
      say(`The link names a photo that is not in the gallery: ${sample}.`, { error: true });
    } else if (error) {
      this.#restored = null;
    }
  }

  async #copyLink() {
    const { photo, hole, paints } = this.#editor;
    const reason = !photo ? NO_PHOTO : photo.sample ? null : `A link can name photos of the gallery alone; ${photo.name} is yours.`;
    if (reason) {
      say(reason, { error: true });
      return;
    }
    const hash = linkTo({ sample: photo.sample, hole: paints ? null : holeText(hole), caption: this.#caption.text, graphs: this.#picker.names, feather: feather() });
    this.#restored = hash.slice(hash.indexOf('?') + 1);
    history.replaceState(null, '', hash);
    const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
    const left = paints ? ' The painted mask is not part of it.' : '';
    say((copied ? 'The link is copied.' : 'The link is in the address bar.') + left);
  }
}

const feather = () => Math.min(4096, Math.max(0, byId('feather').valueAsNumber || 0));
