/* What is heard on the page, and the button to speak to it.

   Nothing plays by itself before the learner has asked for it: it would speak over a screen reader.
   Whoever has pressed play or "listen" hears the answer to that; those who would rather listen hear
   each answer from then on, until they press pause. After a reload it waits for a press again. */
"use strict";
(function () {
  if (!window.fetch || !window.FormData || !window.DOMParser || !window.AbortController) return;

  var ASKED = "hocso-aloud"; // in sessionStorage: the learner has asked to hear
  var MOST = 20; // seconds of one recording, where the button names no other
  var RATE = 16000; // samples a second, one byte each

  var touched = false; // since the page was opened
  var wanted = false;
  var player = null; // what played last
  var hushed = false; // we have paused it, not the learner
  var holding = null; // the recording under way, or about to begin: {recorder, timer, send}
  var pressed = false; // by a finger or a key, so that the click after it isn't one by itself

  function one(selector) {
    return document.querySelector(selector);
  }

  function say(text) {
    one("#sending p").textContent = text;
  }

  function asked() {
    try {
      return wanted || sessionStorage.getItem(ASKED) !== null;
    } catch (error) {
      return wanted;
    }
  }

  function ask(whether) {
    wanted = whether;
    try {
      if (whether) sessionStorage.setItem(ASKED, "");
      else sessionStorage.removeItem(ASKED);
    } catch (error) { /* storage is off: it is forgotten with the page */ }
  }

  function play() {
    var audio = one("#hear audio");
    if (audio.error || audio.networkState === audio.NETWORK_NO_SOURCE) audio.load(); // it didn't come before
    else if (audio.readyState) audio.currentTime = 0;
    // Where the browser wants a press first, the player is there for it.
    audio.play().catch(function () { /* what doesn't come at all is an error event, below */ });
  }

  ["pointerdown", "keydown", "click"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      touched = touched || event.isTrusted;
    }, true);
  });

  // These don't bubble, so they are caught on their way down.
  document.addEventListener("play", function (event) {
    player = event.target;
    ask(true);
    say("");
  }, true);
  document.addEventListener("error", function (event) {
    var lost = event.target;
    if (lost.localName === "audio" || (lost.localName === "source" && !lost.nextElementSibling)) {
      say(one("#hear").getAttribute("data-unplayed"));
    }
  }, true);
  document.addEventListener("pause", function (event) {
    var audio = event.target;
    if (audio.isConnected && audio.paused && !audio.ended && !hushed && !document.hidden) ask(false);
    hushed = false;
  }, true);

  // What is here already needn't be sent for.
  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[name=word][value=again]");
    if (!button || !one("#hear audio")) return;
    event.preventDefault();
    play();
  });

  document.addEventListener("hocso:answer", function (event) {
    showSpeak();
    if (!touched || !one("#hear audio")) return;
    // Someone who reads gets a clip only when they asked for it just now.
    var now = event.detail.name === "word" && /^(again|slow|normal)$/.test(event.detail.value);
    if (now || !one("#hear").hasAttribute("data-listens") || asked()) {
      reuse(one("#hear audio"));
      play();
    }
  });

  // The player that a phone let play once is let play on; a new one may have to wait for a press.
  // Only where it will play: load() fetches, whatever preload says.
  function reuse(audio) {
    if (!player || player === audio) return;
    player.textContent = "";
    player.append.apply(player, Array.prototype.slice.call(audio.children));
    player.setAttribute("aria-label", audio.getAttribute("aria-label"));
    audio.replaceWith(player);
    player.load();
  }

  // Speaking: the browser records as it likes; what is sent is a WAV file of 16,000 bytes a second.

  function canRecord() {
    return navigator.mediaDevices && navigator.mediaDevices.getUserMedia && window.MediaRecorder &&
      window.AudioContext && window.OfflineAudioContext;
  }

  function showSpeak() {
    var speak = one("#speak");
    if (speak && speak.firstElementChild && canRecord()) speak.hidden = false;
  }

  async function begin(button) {
    if (holding || button.hasAttribute("aria-disabled")) return;
    var mine = holding = { send: false };
    var audio = one("#hear audio");
    if (audio && !audio.paused) {
      hushed = true;
      audio.pause();
    }
    say("");
    try {
      var stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
    } catch (error) {
      if (holding === mine) holding = null;
      say(button.getAttribute("data-denied"));
      return;
    }
    if (holding !== mine) { // let go, perhaps to answer whether the page may
      stopTracks(stream);
      if (!holding && mine.send) say(button.getAttribute("data-ready"));
      return;
    }
    var pieces = [];
    var recorder = mine.recorder = new MediaRecorder(stream);
    recorder.ondataavailable = function (event) {
      pieces.push(event.data);
    };
    recorder.onstop = async function () {
      stopTracks(stream);
      button.removeAttribute("data-on");
      if (mine.send) deliver(await wavOf(new Blob(pieces), mine.most), button.getAttribute("data-said"));
    };
    recorder.start();
    button.setAttribute("data-on", "");
    if (navigator.vibrate) navigator.vibrate(50); // felt, not said: speech would be recorded
    mine.most = +button.getAttribute("data-most") || MOST;
    mine.timer = setTimeout(end, mine.most * 1000, true);
  }

  function end(send) {
    var mine = holding;
    if (!mine) return;
    holding = null;
    mine.send = send;
    clearTimeout(mine.timer);
    if (mine.recorder) mine.recorder.stop();
  }

  function stopTracks(stream) {
    stream.getTracks().forEach(function (track) { track.stop(); });
  }

  function deliver(sound, label) {
    document.dispatchEvent(new CustomEvent("hocso:said", { detail: { sound: sound, label: label } }));
  }

  // What is too short to be decoded goes as no sound at all: the answer says how to speak.
  async function wavOf(recorded, most) {
    var channels = [];
    try {
      var buffer = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await recorded.arrayBuffer());
      for (var number = 0; number < buffer.numberOfChannels; number++) channels.push(buffer.getChannelData(number));
    } catch (error) { /* as said above */ }
    var length = channels.length ? Math.min(channels[0].length, most * RATE) : 0;
    var view = new DataView(new ArrayBuffer(46 + length));
    function text(at, letters) {
      for (var place = 0; place < letters.length; place++) view.setUint8(at + place, letters.charCodeAt(place));
    }
    text(0, "RIFF");
    view.setUint32(4, 38 + length, true);
    text(8, "WAVEfmt ");
    view.setUint32(16, 18, true);
    view.setUint16(20, 7, true); // µ-law
    view.setUint16(22, 1, true); // channel
    view.setUint32(24, RATE, true);
    view.setUint32(28, RATE, true); // bytes a second
    view.setUint16(32, 1, true); // byte a sample
    view.setUint16(34, 8, true); // bits
    text(38, "data");
    view.setUint32(42, length, true);
    for (var at = 0; at < length; at++) {
      var sum = 0;
      for (var each = 0; each < channels.length; each++) sum += channels[each][at];
      view.setUint8(46 + at, muLaw(sum / channels.length));
    }
    return new Blob([view.buffer], { type: "audio/wav" });
  }

  function muLaw(sample) {
    var whole = Math.round(Math.max(-1, Math.min(1, sample)) * 32635);
    var size = Math.abs(whole) + 132;
    var power = 24 - Math.clz32(size);
    return ~((whole < 0 ? 128 : 0) | power << 4 | size >> power + 3 & 15) & 255;
  }

  function speakButton(event) {
    return event.target.closest && event.target.closest("#speak button");
  }

  function isKey(event) {
    return event.key === " " || event.key === "Enter";
  }

  document.addEventListener("pointerdown", function (event) {
    var button = speakButton(event);
    if (!button || event.button) return;
    pressed = true;
    button.setPointerCapture(event.pointerId);
    begin(button);
  });
  document.addEventListener("pointerup", function (event) {
    if (speakButton(event)) end(true);
  });
  document.addEventListener("pointercancel", function () {
    pressed = false;
    end(false);
  });
  document.addEventListener("contextmenu", function (event) {
    if (speakButton(event)) event.preventDefault(); // a finger that stays
  });
  document.addEventListener("keydown", function (event) {
    var button = speakButton(event);
    if (event.key === "Escape") end(false);
    if (!button || !isKey(event)) return;
    event.preventDefault();
    if (!event.repeat) begin(button);
  });
  document.addEventListener("keyup", function (event) {
    if (!speakButton(event) || !isKey(event)) return;
    event.preventDefault();
    end(true);
  });
  // A screen reader may only be able to click: once to begin, once more to end.
  document.addEventListener("click", function (event) {
    var button = speakButton(event);
    if (!button) return;
    if (!pressed) {
      if (holding) end(true);
      else begin(button);
    }
    pressed = false;
  });
  window.addEventListener("blur", function () {
    end(false);
  });

  showSpeak();
})();
