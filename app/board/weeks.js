// Draws weeks of forecasts: those ranked first, and what became of each.
// Belongs here: what a browser has to do. Does not belong here: a word or a number (they come from
// Python), or a colour (weeks.css). Every text is set as text, never as markup.

export default function (component) {
  const { data, parentElement } = component;
  parentElement.querySelector(".weeks").replaceChildren(table(data));
}

function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function table(data) {
  const head = make("tr", { role: "row" });
  for (const heading of data.headings) {
    head.append(make("th", { scope: "col", role: "columnheader" }, heading));
  }
  const body = make("tbody", { role: "rowgroup" }, ...data.weeks.map(week));
  const attributes = { role: "table", "aria-label": data.caption };
  return make("table", attributes, make("thead", { role: "rowgroup" }, head), body);
}

function week(week) {
  const acts = make("ul", {}, ...week.acts.map(act));
  return make(
    "tr",
    { role: "row" },
    make("th", { scope: "row", role: "rowheader" }, week.days),
    make("td", { role: "cell", class: "hits" }, week.hits),
    make("td", { role: "cell" }, acts),
  );
}

function act(act) {
  const name = make("a", { href: act.href, target: "_self" }, act.name);
  const sign = make("span", { class: "sign", "aria-hidden": "true" }, act.came ? "✓ " : "");
  const spoken = make("span", { class: "unseen" }, ` ${act.outcome}`);
  const size = make("span", { class: "size" }, ` ${act.size}`);
  return make("li", { class: act.came ? "came" : "", title: act.outcome }, sign, name, size, spoken);
}
