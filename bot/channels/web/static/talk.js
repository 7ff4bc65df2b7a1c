/* Sends the page's forms without a reload, and again until they are answered.

   Without this script the same forms work by themselves. What is sent carries one id however often
   it is sent, so the server counts it once; it is kept until an answer has come.

   How a screen reader hears the answer: the focus moves to the first line of the new message. The
   messages are therefore no live region: it would say the same once more. Moving the focus is the
   better of the two, because the pressed button goes away (its focus would be lost), reading goes
   on from there by a swipe, and magnifiers follow. The one live region, #sending, only tells of a
   slow or lost connection, and stays empty when the answer comes at once. */
"use strict";
(function () {
  if (!window.fetch || !window.FormData || !window.DOMParser || !window.AbortController) return;
  if (!document.getElementById("tap")) return;

  var KEPT = "hocso"; // in sessionStorage: a tap that has no answer yet; never what was typed or said
  var PATIENCE = 20; // seconds for one try
  var SLOWEST = 30; // seconds between two tries
  var QUIET = 600; // milliseconds before "sending" is said
  var GAP = 8; // pixels between the header and a message
  var MAX_TEXT = 10000; // characters
  var MOST = 41; // what was said before: twenty exchanges and their heading

  var HEARING = 75; // seconds for one try with what was said: it has to be heard first

  var pending = null; // {id, name, value, label}; a value that was said is a Blob
  var pressed = null; // the button pressed last
  var wake = null; // ends the wait between two tries

  function one(selector) {
    return document.querySelector(selector);
  }

  function word(name) {
    return document.body.getAttribute("data-" + name);
  }

  function say(text) {
    var status = one("#sending p");
    if (status.textContent !== text) status.textContent = text;
  }

  function newId() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.prototype.map.call(bytes, function (each) { return (each + 256).toString(16).slice(1); }).join("");
  }

  function keep(event) {
    try {
      if (event && event.name !== "text" && event.name !== "voice") sessionStorage.setItem(KEPT, JSON.stringify(event));
      else sessionStorage.removeItem(KEPT);
    } catch (error) { /* storage is off: a reload forgets the tap, nothing worse */ }
  }

  function kept() {
    try {
      return JSON.parse(sessionStorage.getItem(KEPT));
    } catch (error) {
      return null;
    }
  }

  // Buttons stay where they are and keep the focus (aria-disabled); presses are not taken meanwhile.
  function hold(busy) {
    document.querySelectorAll("form button, nav button, #speak button").forEach(function (button) {
      if (busy) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    });
    var field = one("#text");
    if (field) field.readOnly = busy;
  }

  function offer(visible) {
    one("#again").hidden = one("#drop").hidden = !visible;
  }

  function pause(seconds) {
    return new Promise(function (resolve) {
      var timer = setTimeout(resolve, seconds * 1000);
      wake = function () {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  // One try. Returns what came of it: a status, and the page where there is one.
  async function attempt(event) {
    var said = event.name === "voice";
    var body = said ? event.value : new FormData();
    var headers = { "X-Requested-With": "hocso" };
    ["csrf", "lang", "id"].forEach(function (name) {
      var value = name === "id" ? event.id : one("#tap [name=" + name + "]").value;
      if (said) headers["X-" + name] = value;
      else body.append(name, value);
    });
    if (!said) body.append(event.name, event.value);
    var abort = new AbortController();
    var timer = setTimeout(function () { abort.abort(); }, (said ? HEARING : PATIENCE) * 1000);
    try {
      var answer = await fetch(said ? "/talk/voice" : "/talk", {
        method: "POST", body: body, signal: abort.signal, headers: headers
      });
      return { status: answer.status, page: new DOMParser().parseFromString(await answer.text(), "text/html") };
    } catch (error) {
      return { status: 0, page: null };
    } finally {
      clearTimeout(timer);
    }
  }

  async function deliver(event) {
    pending = event;
    keep(event);
    hold(true);
    var quiet = setTimeout(function () { say(word("sending")); }, QUIET);
    for (var tries = 0; pending === event; tries++) {
      var came = await attempt(event);
      clearTimeout(quiet);
      if (pending !== event) return; // the learner gave it up meanwhile
      if (came.status === 200 && came.page.getElementById("tap")) {
        finish();
        show(event, came.page);
        return;
      }
      if (came.status === 403) { // the cookie is another one now; the page must be made anew
        finish();
        if (location.search) location.replace("/"); // a reload would follow the link to a lesson again
        else location.reload();
        return;
      }
      if (came.status >= 400 && came.status < 500 && came.status !== 408 && came.status !== 429) {
        finish();
        var why = came.page.querySelector("main p");
        say(why ? why.textContent : word("trouble"));
        return;
      }
      if (urgent(event)) warn();
      // No connection, a server in trouble, or something between us and it that answered instead.
      say(word(came.status >= 500 ? "trouble" : "lost"));
      offer(true);
      await pause(Math.min(Math.pow(2, tries), SLOWEST));
    }
  }

  function urgent(event) {
    return event.name === "word" && event.value === "urgent";
  }

  // The three actions, from the page itself: nobody in danger waits for a connection.
  function warn() {
    if (one("#log .danger")) return;
    var shown = document.importNode(one("#danger").content, true).firstElementChild;
    shown.classList.add("danger");
    one("#log").appendChild(shown);
    shown.scrollIntoView();
    shown.firstElementChild.focus();
  }

  function finish() {
    pending = null;
    keep(null);
    hold(false);
    offer(false);
    say("");
  }

  function show(event, page) {
    var article = page.querySelector("#log article");
    var log = one("#log");
    fold(log);
    var bubble = log.appendChild(own(event, article.hasAttribute("data-secret")));
    log.appendChild(document.adoptNode(article));
    swap(page, "header");
    swap(page, "nav");
    swap(page, "#tap");
    swap(page, "#speak");
    swap(page, "#hear");
    var type = one("#type");
    if (page.documentElement.lang !== document.documentElement.lang) {
      swap(page, ".skip");
      swap(page, "#again");
      swap(page, "#drop");
      swap(page, "#type");
      swap(page, "#danger");
      Array.prototype.forEach.call(page.body.attributes, function (each) {
        document.body.setAttribute(each.name, each.value);
      });
      one(".earlier > summary").textContent = word("earlier");
      document.documentElement.lang = page.documentElement.lang;
    } else if (!type) {
      one("#speak").after(document.adoptNode(page.getElementById("type")));
    } else if (event.name === "text") {
      one("#text").value = "";
    }
    document.title = page.title;
    if (location.search) history.replaceState(null, "", "/"); // so that a reload doesn't open the link again
    reveal(bubble);
    one("#reply").focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("hocso:answer", { detail: event }));
  }

  // A short answer is seen whole, with the buttons on top; a longer one from its beginning. Nothing
  // between, or the header would cover half of the buttons on top.
  function reveal(bubble) {
    var header = one("header");
    var covered = getComputedStyle(header).position === "sticky" ? header.offsetHeight : 0;
    scrollTo(0, 0);
    if (one("#tap").getBoundingClientRect().bottom <= innerHeight) return;
    var wanted = bubble.getBoundingClientRect().top - covered - GAP;
    if (wanted <= document.documentElement.scrollHeight - innerHeight) scrollTo(0, wanted);
  }

  // One exchange stands open; those before it can be opened at the end, out of the way of eyes and ears.
  function fold(log) {
    var earlier = one(".earlier");
    if (!earlier) {
      earlier = document.createElement("details");
      earlier.className = "earlier";
      earlier.appendChild(document.createElement("summary")).textContent = word("earlier");
      one("main").appendChild(earlier);
    }
    var old = log.querySelector("#reply");
    if (old) {
      old.removeAttribute("id");
      old.removeAttribute("tabindex");
    }
    while (log.firstElementChild) earlier.appendChild(log.firstElementChild);
    while (earlier.children.length > MOST) earlier.removeChild(earlier.children[1]);
  }

  // What the learner did, as they said it; a secret is not shown again.
  function own(event, secret) {
    var bubble = document.createElement("p");
    bubble.className = "mine";
    bubble.appendChild(document.createElement("b")).textContent = word("you");
    bubble.appendChild(document.createTextNode(" "));
    var said = bubble.appendChild(document.createElement("span"));
    said.textContent = secret ? "•••" : event.label;
    if (secret) {
      said.setAttribute("aria-hidden", "true");
      var heard = bubble.appendChild(document.createElement("span"));
      heard.className = "heard";
      heard.textContent = word("hidden");
    }
    return bubble;
  }

  function swap(page, selector) {
    var before = one(selector);
    var after = page.querySelector(selector);
    if (before && after) before.replaceWith(document.adoptNode(after));
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (!button) return;
    pressed = button;
    if (button.id === "again" && wake) wake();
    if (button.id === "drop") {
      finish();
      if (wake) wake();
      one("#reply").focus();
    }
  });

  document.addEventListener("submit", function (event) {
    var form = event.target.getAttribute("id"); // not .id, which is the field of that name
    if (form !== "tap" && form !== "type") return;
    event.preventDefault();
    var button = event.submitter || pressed;
    if (pending && urgent(button)) warn();
    if (pending) return;
    var typed = form === "type";
    var name = typed ? "text" : button.name;
    var value = typed ? one("#text").value.slice(0, MAX_TEXT) : button.value;
    deliver({ id: newId(), name: name, value: value, label: typed ? value : button.textContent.trim() });
  });

  // What was said, from voice.js.
  document.addEventListener("hocso:said", function (event) {
    if (pending) return;
    deliver({ id: newId(), name: "voice", value: event.detail.sound, label: event.detail.label });
  });

  window.addEventListener("online", function () {
    if (pending && wake) wake();
  });

  if (!navigator.cookieEnabled) say(word("cookies"));
  // A tap from before a reload goes first; then what a link to a lesson asks for.
  var before = kept();
  var link = one("#tap button[name=open]");
  if (before) deliver(before);
  else if (link && !document.prerendering) link.click();
})();
