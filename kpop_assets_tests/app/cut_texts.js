// Texts of a page that are cut, as sentences; belongs to cut_texts.py.
(onPurpose) => {
  const found = [];
  const shown = element => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const text = element => element.textContent.trim().replace(/\s+/g, ' ').slice(0, 60);
  const ownText = element => [...element.childNodes].some(
    node => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
  const hides = style => ['hidden', 'clip'].includes(style.overflowX) || style.textOverflow === 'ellipsis';
  const isOnPurpose = element => {
    for (let at = element; at; at = at.parentElement || at.getRootNode().host)
      if (at.matches && at.matches(onPurpose)) return true;
    return false;
  };
  const visit = root => {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) visit(element.shadowRoot);
      if (element.closest('svg') || !ownText(element) || !shown(element) || isOnPurpose(element)) continue;
      let box = element;
      while (box && getComputedStyle(box).display.startsWith('inline')) box = box.parentElement;
      if (!box || !box.clientWidth) continue;
      const wide = box.scrollWidth - box.clientWidth > 1 && hides(getComputedStyle(box));
      const over = box.getBoundingClientRect().right > innerWidth + 1;
      if (wide || over) found.push(`${wide ? 'cut' : 'beyond the edge'}: ${text(element)}`);
    }
    for (const svg of root.querySelectorAll('svg.marks')) {
      const frame = svg.getBoundingClientRect();
      for (const word of svg.querySelectorAll('text')) {
        if (!word.textContent || !shown(word) || getComputedStyle(word).opacity === '0') continue;
        const box = word.getBoundingClientRect();
        if (box.left < frame.left - 2 || box.right > frame.right + 2)
          found.push(`beyond its chart: ${text(word)}`);
        // Titles of videos are long: whole in the tooltip, and in the table below.
        if (word.textContent.endsWith('…') && word.textContent.length < 24) found.push(`cut in a chart: ${text(word)}`);
      }
    }
  };
  visit(document);
  const main = document.querySelector('[data-testid=stMain]');
  if (main && main.scrollWidth > main.clientWidth + 1) found.push('the page scrolls sideways');
  return [...new Set(found)];
}
