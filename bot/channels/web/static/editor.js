"use strict";
// Tells what is wrong while a text is written, numbers its lines and leads to them. Without this script the same is
// told whenever the draft is saved. Tab leaves the text, as in every other field.
const PAUSE = 900; // milliseconds without a key until the text is looked at
const form = document.getElementById("editor");
const text = form.elements.text;
const lines = document.getElementById("lines");
const found = document.getElementById("problems");
const heard = document.getElementById("heard");
let saved = text.value;
let timer = 0;
let asking = null;

// Long lines are wrapped, so each number is as high as its line: the mirror has the same lines in the same width.
const mirror = document.createElement("div");
mirror.id = "mirror";
mirror.setAttribute("aria-hidden", "true");
text.before(mirror);
form.classList.add("wraps");
text.wrap = "soft";

const fit = (parent, tag, count) => {
  while (parent.children.length < count) parent.append(document.createElement(tag));
  while (parent.children.length > count) parent.lastChild.remove();
};

const number = () => {
  const rows = text.value.split("\n");
  fit(mirror, "div", rows.length);
  fit(lines, "span", rows.length);
  rows.forEach((row, place) => {
    if (mirror.children[place].textContent !== row) mirror.children[place].textContent = row;
  });
  const heights = Array.from(mirror.children, (line) => line.getBoundingClientRect().height);
  heights.forEach((height, place) => {
    const line = lines.children[place];
    if (!line.id) {
      line.id = `L${place + 1}`;
      line.textContent = place + 1;
    }
    line.style.height = `${height}px`;
  });
  text.style.height = `${mirror.getBoundingClientRect().height}px`;
};

const mark = () => {
  for (const line of lines.children) line.className = "";
  for (const each of [...found.querySelectorAll(".own [data-line]")].reverse()) {
    const line = document.getElementById(`L${each.dataset.line}`);
    if (line) line.className = "error" in each.dataset ? "bad" : "weak";
  }
};

const look = async () => {
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(form.dataset.check, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      signal: asking.signal,
    });
    if (!answer.ok || answer.redirected) return; // signed out, or too big: saving will say so
    found.innerHTML = await answer.text();
    mark();
    const said = found.querySelector(".sum").textContent;
    if (heard.textContent !== said) heard.textContent = said;
  } catch {
    // The program is away, or something newer is asked already: the next key tells.
  }
};

text.addEventListener("input", () => {
  number();
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE);
});

found.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#L']");
  if (!link) return;
  event.preventDefault();
  const place = Number(link.hash.slice(2));
  const before = text.value.split("\n").slice(0, place - 1);
  const start = before.join("\n").length + (place > 1 ? 1 : 0);
  const end = text.value.indexOf("\n", start);
  text.focus({ preventScroll: true });
  text.setSelectionRange(start, end < 0 ? text.value.length : end);
  text.scrollLeft = 0;
  document.getElementById(`L${place}`)?.scrollIntoView({ block: "center" });
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button[value=save]"));
});

// A form of somebody who isn't signed in any more, or who signed in anew, would be refused, and its text lost.
const kept = document.getElementById("kept");
form.addEventListener("submit", async (event) => {
  if (saved === null) return;
  event.preventDefault();
  kept.textContent = "";
  try {
    const answer = await fetch("/office/account", { cache: "no-store" });
    if (answer.redirected) {
      kept.textContent = form.dataset.out;
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    form.elements.csrf.value = page.querySelector("[name=csrf]").value;
  } catch {
    kept.textContent = form.dataset.away;
    return;
  }
  saved = null;
  form.requestSubmit(event.submitter);
});
addEventListener("beforeunload", (event) => {
  if (saved !== null && text.value !== saved) event.preventDefault();
});
addEventListener("pageshow", () => {
  if (saved === null) location.reload(); // come back to after it was saved: the draft is another by now
  number(); // what a browser kept of the field may not be what the page came with
  mark();
});
new ResizeObserver(number).observe(form);
