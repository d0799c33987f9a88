/** Views and their settings live in the hash: #try?sample=scene-3&hole=1,2,3,4. */

export const VIEWS = ['try', 'graphs', 'judge'];

export function currentRoute() {
  const [view, query = ''] = location.hash.slice(1).split('?');
  return { view: VIEWS.includes(view) ? view : 'try', query: new URLSearchParams(query) };
}

/** The hash for the settings of a photo of the gallery. */
export function linkTo({ sample, hole, caption, graphs, feather }) {
  const query = new URLSearchParams({ sample });
  if (hole) {
    query.set('hole', hole);
  }
  if (caption) {
    query.set('caption', caption);
  }
  if (graphs.length > 0) {
    query.set('graphs', graphs.join(','));
  }
  if (feather > 0) {
    query.set('feather', feather);
  }
  return `#try?${query}`;
}

/** What a link restores; null where it names no photo. */
export function settingsOf(query) {
  return query.has('sample') ? {
    sample: query.get('sample'),
    hole: query.get('hole'),
    caption: query.get('caption') ?? '',
    graphs: (query.get('graphs') ?? '').split(',').filter(Boolean),
    feather: Number.parseInt(query.get('feather') ?? '0', 10) || 0,
  } : null;
}
