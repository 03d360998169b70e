// What only the browser can do for a page: say its language, mark the open page in the menu, copy
// its address, print it. Belongs here: nothing that Python can draw.

const MENU = '[data-testid=stSidebar] a[data-testid=stPageLink-NavLink]';

function markOpenPage(path) {
  for (const link of document.querySelectorAll(MENU)) {
    const address = link.getAttribute('href');
    // Streamlit's link to the first page is a query alone: in another tab, that is this page's.
    if (address.startsWith('?')) link.setAttribute('href', `./${address}`);
    const leadsTo = address.split('?')[0].replace(/^\.?\/?/, '');
    if (leadsTo === path) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

async function copyAddress(button, done) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(location.href);
  } catch {
    // Only pages by https or from this machine may write the clipboard: select it by hand.
    window.prompt(label, location.href);
    return;
  }
  button.textContent = done;
  setTimeout(() => { button.textContent = label; }, 2000);
}

function isDrawn() {
  const app = document.querySelector('[data-testid=stApp]');
  return app.getAttribute('data-test-script-state') === 'notRunning';
}

// Charts are drawn a moment after the page.
const MOMENT = 1000;
let printed = null;

function printOnce() {
  if (printed === location.href) return;
  if (!isDrawn()) {
    setTimeout(printOnce, 100);
    return;
  }
  printed = location.href;
  window.addEventListener('afterprint', () => { printed = null; history.back(); }, { once: true });
  setTimeout(() => window.print(), MOMENT);
}

export default function ({ data, parentElement, setTriggerValue }) {
  document.documentElement.lang = data.lang;
  const mark = () => markOpenPage(data.path);
  mark();
  const menu = document.querySelector('[data-testid=stSidebar]');
  // Groups draw their links when they are unfolded.
  const watcher = new MutationObserver(mark);
  if (menu) watcher.observe(menu, { childList: true, subtree: true });
  const [copy, print] = parentElement.querySelectorAll('button');
  copy.textContent = data.copy;
  print.textContent = data.print;
  copy.hidden = print.hidden = false;
  copy.onclick = () => copyAddress(copy, data.copied);
  print.onclick = () => setTriggerValue('printed', true);
  if (data.printing) printOnce();
  return () => watcher.disconnect();
}
