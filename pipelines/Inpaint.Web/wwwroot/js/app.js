import { byId } from './dom.js';
import { GraphsView } from './graphsView.js';
import { JudgeView } from './judgeView.js';
import { currentRoute, VIEWS } from './routes.js';
import { connectShortcutChoice } from './shortcuts.js';
import { say } from './status.js';
import { TryView } from './tryView.js';

const TITLES = { try: 'Try', graphs: 'Graphs', judge: 'Judge' };

connectShortcutChoice();
const views = { try: new TryView(), graphs: new GraphsView(), judge: new JudgeView() };
let open = null;

function show() {
  const { view, query } = currentRoute();
  for (const name of VIEWS) {
    byId(`view-${name}`).hidden = name !== view;
    if (name === view) {
      byId(`tab-${name}`).setAttribute('aria-current', 'page');
    } else {
      byId(`tab-${name}`).removeAttribute('aria-current');
    }
  }
  document.body.dataset.view = view;
  document.title = `${TITLES[view]} · Inpaint`;
  if (open !== view) {
    views[open]?.close?.();
    open = view;
    say('');
  }
  views[view].open(query);
}

// Focuses instead of navigating, since the hash selects the view.
byId('skip-link').addEventListener('click', (event) => {
  event.preventDefault();
  byId('main').focus();
});
window.addEventListener('hashchange', show);
show();
