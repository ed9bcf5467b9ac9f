"use strict";

/* What all drawings that a reader moves have in common. A component is registered by its name,

     unroll.component("cell", (stage) => { … });

   and is called for each figure of the page that names it, with a stage to build on: the figure's
   data, sliders, a drawing that is laid out anew for every width, a line of text that says what is
   shown. Until then, and where no script runs, the printed figure stands in its place; it comes back
   where a component fails, and on paper.

   Texts go into the page as text alone, so that nothing in the data becomes an element. */
const unroll = (() => {
  const SVG = "http://www.w3.org/2000/svg";

  /** Text whose control signs are seen instead of steering the page. */
  const plain = (text) => String(text).replace(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff\ufffe]/g,
    (sign) => `⟨U+${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);

  /** Gives an element its attributes and children; a child that is no element is a text. */
  function filled(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
    }
    for (const child of children.flat()) {
      element.append(child instanceof Node ? child : plain(child));
    }
    return element;
  }

  const html = (name, attributes = {}, ...children) =>
    filled(document.createElement(name), attributes, children);
  const svg = (name, attributes = {}, ...children) =>
    filled(document.createElementNS(SVG, name), attributes, children);

  /** Replaces an element's text, if it is another. */
  function say(element, text) {
    if (element.textContent !== plain(text)) element.textContent = plain(text);
  }

  /** `W_hh` in a text as in an equation, its letters set lower; and as it is said. */
  const lettered = (text) => plain(text).split(/(W_[a-z]+)/).map((part) => part.startsWith("W_")
    ? html("span", {}, html("i", {}, "W"), html("sub", {}, part.slice(2))) : part);
  const spoken = (text) => plain(text).replace(/W_([a-z]+)/g, "W $1");

  /** A number with so many decimals, a proper minus, and no −0.00. */
  function fixed(value, decimals = 2) {
    if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value < 0 ? "−∞" : "∞";
    const text = Math.abs(value).toFixed(decimals);
    return (value < 0 && /[1-9]/.test(text) ? "−" : "") + text;
  }

  /** A number of any size with so many significant digits: 1.3·10⁻⁵. */
  function short(value, digits = 3) {
    if (!Number.isFinite(value) || value === 0) return fixed(value, 0);
    const size = Math.floor(Math.log10(Math.abs(value)));
    if (size >= -3 && size < 5) return fixed(value, Math.max(0, digits - 1 - size));
    const power = String(size).replace(/[-0-9]/g, (sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]);
    return `${fixed(value / 10 ** size, digits - 1)}·10${power}`;
  }

  /** The numbers of little-endian float16, float32, int12 (two in three bytes, moved up by 2048) or int8 in
      base64. */
  function decoded(base64, type) {
    const text = atob(base64), bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    if (type === "float32") return new Float32Array(bytes.buffer);
    if (type === "int8") return Float32Array.from(new Int8Array(bytes.buffer));
    if (type === "int12") {
      return Float32Array.from({length: Math.floor(bytes.length / 3) * 2}, (_, i) => {
        const at = 3 * (i >> 1);
        const number = i % 2 ? bytes[at + 1] >> 4 | bytes[at + 2] << 4
          : bytes[at] | (bytes[at + 1] & 15) << 8;
        return number - 2048;
      });
    }
    return Float32Array.from(new Uint16Array(bytes.buffer), (half) => {
      const sign = half & 0x8000 ? -1 : 1, exponent = half >> 10 & 31, part = half & 1023;
      if (exponent === 0) return sign * part * 2 ** -24;
      if (exponent === 31) return part ? NaN : sign * Infinity;
      return sign * (1 + part / 1024) * 2 ** (exponent - 15);
    });
  }

  const words = JSON.parse(document.querySelector("script[data-words]")?.textContent ?? "{}");

  /** A text in the page's language, with values in the places of its `%@`, or of `%1$@`, `%2$@`. The
      page knows texts that stand in a script in double quotes, and the strings of its data. */
  function told(text, ...values) {
    let place = 0;
    return (Object.hasOwn(words, text) ? words[text] : String(text)).replace(
      /%(?:(\d+)\$)?@/g, (sign, number) => values[number ? number - 1 : place++] ?? sign);
  }
  /** Several in a row. */
  const listed = (texts) => texts.join(words["comma in a row"] ?? ", ");
  /** Sentences one after the other, those that are empty left out; Chinese ones have no space between. */
  const sentences = (...texts) =>
    texts.filter(Boolean).join(document.documentElement.lang.startsWith("zh") ? "" : " ");

  /** About how many pixels a text is wide, its letters and its Chinese signs as wide as told. */
  const breadth = (text, letter, sign) =>
    [...text].reduce((sum, one) => sum + (one > "⺀" ? sign : letter), 0);

  /** A probability: none is 0 or 1, and none is told so. */
  const share = (value) => value < 0.005 ? "< 0.01" : value > 0.995 ? "> 0.99" : fixed(value);
  /** What is to be said of signs that a network does not know, each named once. */
  function unmet(signs, known) {
    const found = [...new Set(signs)].filter((sign) => !known.has(sign));
    return found.length && told("It never met %@.", listed(found.map((sign) => `“${sign}”`)));
  }

  let count = 0;

  class Stage {
    constructor(figure, data) {
      this.figure = figure;
      this.data = data;
      this.number = ++count;
      this.root = html("div", {class: "stage", role: "group"});
      this.controls = html("div", {class: "controls"});
      // A screen reader is told what is shown once nothing has moved for a moment.
      this.said = html("p", {class: "said", "aria-hidden": "true"});
      this.heard = html("p", {class: "unseen", role: "status", id: `stage-${++count}`});
      /** For what stands under the sliders. */
      this.below = html("div");
      this.layouts = [];
      this.updates = [];
      this.sliders = [];
      this.isWaiting = false;
    }

    /** Calls `update` now and whenever something was moved, once a frame at most. */
    onUpdate(update) { this.updates.push(update); }

    /** Something has been moved. */
    refresh() {
      if (this.isWaiting) return;
      this.isWaiting = true;
      requestAnimationFrame(() => {
        this.isWaiting = false;
        this.update();
      });
    }

    update() {
      for (const slider of this.sliders) slider.describe();
      for (const update of this.updates) update();
    }

    /** Says above all else what the reader can do. */
    hint(text) { this.root.prepend(html("p", {class: "hint"}, lettered(text))); }

    /** Says in words what is shown. */
    say(text) {
      if (this.told === text) return;
      const isFirst = this.told === undefined;
      this.told = text;
      this.said.replaceChildren(...lettered(text));
      clearTimeout(this.pause);
      if (isFirst) return say(this.heard, spoken(text));
      this.pause = setTimeout(() => say(this.heard, spoken(text)), 500);
    }

    /** A slider. `text` says its value in words; `moved` is called before the update. */
    slider({label, min = 0, max, step = 1, value = min, text = String, moved = () => {}}) {
      const id = `stage-${++count}`;
      const input = html("input", {type: "range", id, min, max, step, value});
      // Said by the slider itself, and not once more.
      const output = html("output", {for: id, "aria-hidden": "true"});
      const row = html("div", {class: "slider"}, html("label", {for: id}, lettered(label)), input, output);
      const slider = {
        input, row,
        get value() { return Number(input.value); },
        set value(number) { input.value = number; },
        setMax(number) { input.max = number; },
        describe() {
          const words = text(slider.value);
          if (slider.told === words) return;
          slider.told = words;
          output.replaceChildren(...lettered(words));
          input.setAttribute("aria-valuetext", spoken(words));
        },
      };
      input.addEventListener("input", () => { moved(slider.value); this.refresh(); });
      this.sliders.push(slider);
      this.controls.append(row);
      return slider;
    }

    /** A choice of one among a few. */
    choice({label, options, value = 0, moved = () => {}}) {
      const name = `stage-${++count}`;
      const choice = {value};
      const group = html("fieldset", {class: "choice"}, html("legend", {}, label));
      const inputs = options.map((option, place) => {
        const input = html("input", {type: "radio", name, value: place});
        input.checked = place === value;
        input.addEventListener("change", () => {
          choice.value = place;
          moved(place);
          this.refresh();
        });
        group.append(html("label", {}, input, " ", option));
        return input;
      });
      choice.inputs = inputs;
      this.controls.append(group);
      return choice;
    }

    button(label, pressed) {
      const button = html("button", {type: "button"}, label);
      button.addEventListener("click", () => { pressed(); this.refresh(); });
      this.controls.append(button);
      return button;
    }

    /** A field for a text of the reader's. */
    field({label, value = "", length = 40, changed = () => {}}) {
      const id = `stage-${++count}`;
      const input = html("input", {
        type: "text", id, maxlength: length, autocomplete: "off", spellcheck: "false",
        autocapitalize: "off",
      });
      input.value = value;
      input.addEventListener("input", () => { changed(input.value); this.refresh(); });
      this.controls.append(html("div", {class: "field"}, html("label", {for: id}, label), input));
      return input;
    }

    /** A drawing in pixels. `layout(drawing, width)` draws it anew for a width and gives its height;
        the parts that move, an update changes. */
    drawing(label, layout) {
      const drawing = svg("svg", {
        role: "img", "aria-label": plain(label), "aria-describedby": this.heard.id, class: "drawing",
      });
      this.root.append(drawing);
      this.layouts.push((width) => {
        drawing.replaceChildren();
        const height = layout(drawing, width);
        drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
        drawing.setAttribute("width", width);
        drawing.setAttribute("height", height);
      });
      return drawing;
    }

    /** Follows a finger or the mouse on an element: `moved(x, y)` in pixels of the drawing, once a
        frame, and `left()` when it is lifted. */
    follow(element, drawing, moved, left = () => {}) {
      let place = null, isWaiting = false;
      const tell = (event) => {
        const box = drawing.getBoundingClientRect();
        place = [event.clientX - box.left, event.clientY - box.top];
        if (isWaiting) return;
        isWaiting = true;
        requestAnimationFrame(() => { isWaiting = false; moved(...place); this.update(); });
      };
      element.classList.add("handle");
      element.addEventListener("pointerdown", (event) => {
        if (event.button > 0) return;
        event.preventDefault();
        element.setPointerCapture(event.pointerId);
        tell(event);
      });
      element.addEventListener("pointermove", (event) => {
        if (element.hasPointerCapture(event.pointerId)) tell(event);
      });
      element.addEventListener("lostpointercapture", () => requestAnimationFrame(left));
    }

    /** Puts the stage in the place of the printed figure. */
    open() {
      this.root.append(this.controls, this.said, this.below, this.heard);
      this.root.setAttribute("aria-label",
        this.figure.querySelector("figcaption")?.textContent ?? this.figure.dataset.component);
      this.figure.classList.add("open");
      this.figure.prepend(this.root);
      let width = 0;
      const fit = () => {
        if (this.root.clientWidth === 0) return;
        // What is narrower than any telephone is not laid out, but made smaller.
        const now = Math.max(200, Math.round(this.root.clientWidth));
        if (now === width) return;
        width = now;
        for (const layout of this.layouts) layout(width);
        this.update();
      };
      fit();
      new ResizeObserver(fit).observe(this.root);
      // What is drawn in pixels has the colors of its theme.
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
        width = 0;
        fit();
      });
    }

    close() {
      this.root.remove();
      this.figure.classList.remove("open");
    }
  }

  function component(name, build) {
    for (const figure of document.querySelectorAll("figure[data-component]")) {
      if (figure.dataset.component !== name) continue;
      let stage;
      try {
        stage = new Stage(
          figure, JSON.parse(figure.querySelector('script[type="application/json"]').textContent));
        build(stage);
        stage.open();
        figure.stage = stage;
      } catch (error) {
        // The printed figure is there all the same.
        stage?.close();
        console.error(`${name}: ${error.message}`);
      }
    }
  }

  return {
    component, plain, html, svg, say, told, listed, sentences, share, unmet, lettered, fixed, short, breadth,
    decoded,
  };
})();
