// The hash contains the view and its settings: #try?sample=scene-3&hole=1,2,3,4.

export const VIEWS = ['try', 'graphs', 'judge'];

export function currentRoute() {
  const [view, query = ''] = location.hash.slice(1).split('?');
  return { view: VIEWS.includes(view) ? view : 'try', query: new URLSearchParams(query) };
}

/** The hash that restores a photo of the gallery with its settings. */
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

/** The settings in a link; null where it contains no photo. */
export function settingsOf(query) {
  return query.has('sample') ? {
    sample: query.get('sample'),
    hole: query.get('hole'),
    caption: query.get('caption') ?? '',
    graphs: (query.get('graphs') ?? '').split(',').filter(Boolean),
    feather: Number.parseInt(query.get('feather') ?? '0', 10) || 0,
  } : null;
}
