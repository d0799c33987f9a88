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

/** The view in which photos are completed. */
export class TryView {
  #editor = new Editor();
  #gallery = new Gallery((id) => this.#loadSample(id), () => this.#reopen());
  #picker = new GraphPicker(() => this.#reopen());
  #caption = new CaptionBox();
  #newest = 0;
  #isLoading = false;
  #restored = null;

  constructor() {
    connectPhotoSources((file) => this.#load(() => readPhoto(file)));
    this.#picker.addEventListener('change', () => this.#caption.use(this.#picker.graphs));
    this.#editor.addEventListener('kind', () => this.#picker.selectDefault(this.#editor.paints));
    new FillAction(this.#editor, () => ({ caption: this.#caption.text, graphs: this.#picker.names, feather: feather() }));
    byId('permalink').addEventListener('click', () => this.#copyLink().catch(sayError));
  }

  /** Refreshes the lists, and restores the settings of a link once. */
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

  #reopen() { return this.open(currentRoute().query); }

  // Loads the first sample, if there is no photo yet.
  async #begin() {
    if (!this.#editor.photo && !this.#isLoading && this.#gallery.first) {
      await this.#loadSample(this.#gallery.first);
    }
  }

  #loadSample(id, hole) {
    return this.#load(() => this.#gallery.photo(id), hole);
  }

  // The photo requested last wins, however long each takes. Returns whether it is shown, and the error if it failed.
  async #load(read, hole = null) {
    const request = ++this.#newest;
    this.#isLoading = true;
    try {
      const photo = await read();
      if (request !== this.#newest) {
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
      this.#isLoading &&= request !== this.#newest;
    }
  }

  async #restore({ sample, hole, caption, graphs, feather: pixels }) {
    this.#editor.setTool('rectangle');
    const unknown = graphs.length > 0 ? this.#picker.select(graphs) : [];
    byId('feather').value = pixels;
    const { shown, error } = await this.#loadSample(sample, parseHole(hole));
    if (shown) {
      this.#caption.text = caption;
      if (unknown.length > 0) {
        say(`The link contains unknown graphs: ${unknown.join(', ')}.`, { error: true });
      } else {
        say('The settings of the link were restored.');
      }
    } else if (error?.status === 404) {
      await this.#begin();
      say(`The link contains a photo that is not in the gallery: ${sample}.`, { error: true });
    } else if (error) {
      this.#restored = null;
    }
  }

  async #copyLink() {
    const { photo, hole, paints } = this.#editor;
    const reason = !photo ? NO_PHOTO : photo.sample ? null : `A link can only contain photos of the gallery; ${photo.name} is your own.`;
    if (reason) {
      say(reason, { error: true });
      return;
    }
    const hash = linkTo({
      sample: photo.sample,
      hole: paints ? null : holeText(hole),
      caption: this.#caption.text,
      graphs: this.#picker.names,
      feather: feather(),
    });
    this.#restored = hash.slice(hash.indexOf('?') + 1);
    history.replaceState(null, '', hash);
    const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
    const note = paints ? ' It does not contain the painted mask.' : '';
    say((copied ? 'The link was copied.' : 'The link is in the address bar.') + note);
  }
}

const feather = () => Math.min(4096, Math.max(0, byId('feather').valueAsNumber || 0));
