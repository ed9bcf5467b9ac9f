/* One recurrent cell, step by step through a run, and back again with the gradient: an RNN's, an
   LSTM's or a GRU's.

   data: {kind: "rnn" | "lstm" | "gru", steps: [{x, h, …}], gradients: [{x, h, …}], start: {h, c}},
   where every value is a list with a number for each unit. `gradients[t]` are those of the loss by
   what stands in `steps[t]`, and hBefore, cBefore: what goes on to the step before. */
{
  const {html, svg, fixed, short, say, told, lettered} = unroll;

  /* The three cells, in units of a grid that is fitted to the page. A box holds bars, one a unit; a dot
     is an operation; a wire leads from one to the next. `on` names the phases in which a part is
     lit, the forward ones and those of the way back, in its color. A row is a line of the equation:
     what is shown of it, in words and in numbers. */
  const gate = (name, at, on, color) => ({name, at, on, color, bars: "gate"});
  const value = (name, at, on, color) => ({name, at, on, color, bars: "signed"});

  const lstm = {
    size: [12, 6.75],
    forward: ["forget", "take in", "update", "show"],
    back: ["back through show", "back through the cell", "back through the gates"],
    boxes: {
      cBefore: value("c₋", [0.9, 1], "forget|back through the cell", "vermilion"),
      c: value("c", [11.1, 1], "update|show|back through show|back through the cell", "vermilion"),
      h: value("h", [11.1, 3.6], "show|back through show", "blue"),
      hBefore: value("h₋", [0.9, 3.6], "forget|take in|show|back through the gates", "orange"),
      x: value("x", [0.9, 5.7], "forget|take in|show|back through the gates", "orange"),
      f: gate("f", [3, 3.6], "forget|back through the cell|back through the gates", "vermilion"),
      i: gate("i", [4.7, 3.6], "take in|back through the cell|back through the gates", "green"),
      // Its name stands on the side that no wire leaves.
      g: {...value("g", [6.5, 3.6], "take in|back through the cell|back through the gates", "green"),
        nameEnds: true},
      o: gate("o", [8.1, 3.6], "show|back through show|back through the gates", "blue"),
    },
    dots: [
      {sign: "×", at: [3, 1], on: "forget|back through the cell", color: "vermilion"},
      {sign: "+", at: [5.6, 1], on: "update|back through the cell", color: "vermilion"},
      {sign: "×", at: [5.6, 2.2], on: "take in|update|back through the cell", color: "green"},
      {sign: "tanh", at: [9.55, 2.2], on: "show|back through show", color: "blue"},
      {sign: "×", at: [9.55, 3.6], on: "show|back through show", color: "blue"},
    ],
    wires: [
      {path: [[1.5, 1], [2.7, 1]], on: "forget|back through the cell", color: "vermilion"},
      {path: [[3.3, 1], [5.3, 1]], on: "forget|update|back through the cell", color: "vermilion"},
      {path: [[5.9, 1], [10.5, 1]], on: "update|back through the cell", color: "vermilion"},
      {path: [[3, 3], [3, 1.3]], on: "forget|back through the cell", color: "vermilion"},
      {path: [[4.8, 3], [5.4, 2.45]], on: "take in|back through the cell", color: "green"},
      {path: [[6.4, 3], [5.8, 2.45]], on: "take in|back through the cell", color: "green"},
      {path: [[5.6, 1.9], [5.6, 1.3]], on: "take in|update|back through the cell", color: "green"},
      {path: [[9.55, 1], [9.55, 1.85]], on: "show|back through show", color: "blue"},
      {path: [[9.55, 2.55], [9.55, 3.3]], on: "show|back through show", color: "blue"},
      {path: [[8.7, 3.6], [9.25, 3.6]], on: "show|back through show", color: "blue"},
      {path: [[9.85, 3.6], [10.5, 3.6]], on: "show|back through show", color: "blue"},
      {path: [[1.5, 3.6], [2, 3.6], [2, 5.7], [3, 5.7], [3, 4.55]],
        on: "forget|back through the gates", color: "orange"},
      {path: [[1.5, 5.7], [4.7, 5.7], [4.7, 4.55]], on: "take in|back through the gates",
        color: "orange"},
      {path: [[3, 5.7], [6.5, 5.7], [6.5, 4.55]], on: "take in|back through the gates",
        color: "orange"},
      {path: [[3, 5.7], [8.1, 5.7], [8.1, 4.55]], on: "show|back through the gates",
        color: "orange"},
    ],
    rows: [
      {on: "forget", color: "vermilion", text: "f = σ(W_if x + W_hf h₋ + b)", result: "f"},
      {on: "forget", color: "vermilion", text: "f · c₋", parts: ["f", "cBefore"], sign: " · "},
      {on: "take in", color: "green", text: "i = σ(W_ii x + W_hi h₋ + b)", result: "i"},
      {on: "take in", color: "green", text: "g = tanh(W_ig x + W_hg h₋ + b)", result: "g"},
      {on: "update", color: "vermilion", text: "c = f · c₋ + i · g", result: "c",
        numbers: (v) => `${n(v.f * v.cBefore)} + ${n(v.i * v.g)}`},
      {on: "show", color: "blue", text: "o = σ(W_io x + W_ho h₋ + b)", result: "o"},
      {on: "show", color: "blue", text: "h = o · tanh(c)", result: "h",
        numbers: (v) => `${n(v.o)} · ${n(Math.tanh(v.c))}`},
    ],
    backRows: [
      {on: "back through show", color: "blue", text: "∂h", result: "h"},
      {on: "back through show", color: "blue", text: "∂o = ∂h · tanh(c)", result: "o"},
      {on: "back through show", color: "vermilion",
        text: "∂c = what comes from later + ∂h · o · (1 − tanh²c)", result: "c"},
      {on: "back through the cell", color: "vermilion", text: "∂f = ∂c · c₋", result: "f"},
      {on: "back through the cell", color: "green", text: "∂i = ∂c · g", result: "i"},
      {on: "back through the cell", color: "green", text: "∂g = ∂c · i", result: "g"},
      {on: "back through the cell", color: "vermilion", text: "∂c₋ = ∂c · f", result: "cBefore"},
      {on: "back through the gates", color: "orange",
        text: "∂h₋: each gate's ∂, times its slope, times its W_h, added up", result: "hBefore"},
    ],
  };

  const gru = {
    size: [12, 6.75],
    forward: ["reset", "candidate", "update"],
    back: ["back through the update", "back through the candidate", "back through the gates"],
    boxes: {
      hBefore: value("h₋", [0.9, 1],
        "reset|candidate|update|back through the update|back through the candidate|back through the gates",
        "vermilion"),
      h: value("h", [11.1, 1], "update|back through the update", "vermilion"),
      x: value("x", [0.9, 5.7], "reset|candidate|back through the candidate|back through the gates",
        "orange"),
      z: gate("z", [3, 3.6], "update|back through the update|back through the gates", "vermilion"),
      r: gate("r", [5, 3.6],
        "reset|candidate|back through the candidate|back through the gates", "blue"),
      n: value("n", [8.2, 3.6],
        "candidate|update|back through the update|back through the candidate", "green"),
    },
    dots: [
      {sign: "×", at: [3, 1], on: "update|back through the update", color: "vermilion"},
      {sign: "+", at: [8.2, 1], on: "update|back through the update", color: "vermilion"},
      {sign: "1−z", at: [8.2, 2.2], on: "update|back through the update", color: "green"},
      {sign: "×", at: [6.5, 3.6], on: "candidate|back through the candidate", color: "blue"},
    ],
    wires: [
      {path: [[1.5, 1], [2.7, 1]], on: "update|back through the update", color: "vermilion"},
      {path: [[3.3, 1], [7.9, 1]], on: "update|back through the update", color: "vermilion"},
      {path: [[8.5, 1], [10.5, 1]], on: "update|back through the update", color: "vermilion"},
      {path: [[3, 3], [3, 1.3]], on: "update|back through the update", color: "vermilion"},
      {path: [[3, 2.2], [7.75, 2.2]], on: "update|back through the update", color: "vermilion"},
      {path: [[8.2, 3], [8.2, 2.55]], on: "update|back through the update", color: "green"},
      {path: [[8.2, 1.85], [8.2, 1.3]], on: "update|back through the update", color: "green"},
      {path: [[5.6, 3.6], [6.2, 3.6]], on: "candidate|back through the candidate", color: "blue"},
      {path: [[6.8, 3.6], [7.6, 3.6]], on: "candidate|back through the candidate", color: "blue"},
      {path: [[1.9, 1], [1.9, 5.7], [5, 5.7], [5, 4.55]], on: "reset|back through the gates",
        color: "orange"},
      {path: [[1.5, 5.7], [3, 5.7], [3, 4.55]], on: "update|back through the gates",
        color: "orange"},
      {path: [[5, 5.7], [6.5, 5.7], [6.5, 3.9]], on: "candidate|back through the candidate",
        color: "orange"},
      {path: [[5, 5.7], [8.2, 5.7], [8.2, 4.55]], on: "candidate|back through the candidate",
        color: "orange"},
    ],
    rows: [
      {on: "reset", color: "blue", text: "r = σ(W_ir x + W_hr h₋ + b)", result: "r"},
      {on: "candidate", color: "green", text: "n = tanh(W_in x + b + r · (W_hn h₋ + b))",
        result: "n"},
      {on: "update", color: "vermilion", text: "z = σ(W_iz x + W_hz h₋ + b)", result: "z"},
      {on: "update", color: "vermilion", text: "h = (1 − z) · n + z · h₋", result: "h",
        numbers: (v) => `${n(1 - v.z)} · ${n(v.n)} + ${n(v.z)} · ${n(v.hBefore)}`},
    ],
    backRows: [
      {on: "back through the update", color: "vermilion", text: "∂h", result: "h"},
      {on: "back through the update", color: "vermilion", text: "∂z = ∂h · (h₋ − n)", result: "z"},
      {on: "back through the update", color: "green", text: "∂n = ∂h · (1 − z)", result: "n"},
      {on: "back through the candidate", color: "blue",
        text: "∂r = ∂n · (1 − n²) · (W_hn h₋ + b)", result: "r"},
      {on: "back through the gates", color: "orange",
        text: "∂h₋ = ∂h · z, and each gate's ∂ times its slope and its W_h", result: "hBefore"},
    ],
  };

  const rnn = {
    size: [12, 5.25],
    forward: ["add up", "squash"],
    back: ["back through tanh", "back through W_hh"],
    boxes: {
      hBefore: value("h₋", [1, 1.6], "add up|back through W_hh", "orange"),
      x: value("x", [1, 4.2], "add up|back through W_hh", "orange"),
      a: value("a", [6.2, 1.6], "add up|squash|back through tanh|back through W_hh", "green"),
      h: value("h", [11, 1.6], "squash|back through tanh", "blue"),
    },
    dots: [
      {sign: "+", at: [3.8, 1.6], on: "add up|back through W_hh", color: "orange"},
      {sign: "tanh", at: [8.6, 1.6], on: "squash|back through tanh", color: "blue"},
    ],
    wires: [
      {path: [[1.7, 1.6], [3.5, 1.6]], label: "W_hh", on: "add up|back through W_hh",
        color: "orange"},
      {path: [[1.7, 4.2], [3.8, 4.2], [3.8, 1.9]], label: "W_ih", on: "add up|back through W_hh",
        color: "orange"},
      {path: [[4.1, 1.6], [5.5, 1.6]], on: "add up|back through W_hh", color: "orange"},
      {path: [[6.9, 1.6], [8.2, 1.6]], on: "squash|back through tanh", color: "blue"},
      {path: [[9, 1.6], [10.3, 1.6]], on: "squash|back through tanh", color: "blue"},
    ],
    rows: [
      {on: "add up", color: "orange", text: "a = W_ih x + W_hh h₋ + b", result: "a"},
      {on: "squash", color: "blue", text: "h = tanh(a)", result: "h"},
    ],
    backRows: [
      {on: "back through tanh", color: "blue", text: "∂h", result: "h"},
      {on: "back through tanh", color: "green", text: "δ = ∂a = ∂h · (1 − h²)", result: "a"},
      {on: "back through W_hh", color: "orange", text: "∂h₋ = δ W_hh", result: "hBefore"},
    ],
  };

  const n = (number) => fixed(number);
  /** A gradient may be of any size. */
  const small = (number) => Math.abs(number) >= 0.01 || number === 0 ? fixed(number) : short(number, 1);

  unroll.component("cell", (stage) => {
    const {steps, gradients, start} = stage.data;
    const cell = {rnn, lstm, gru}[stage.data.kind];
    const phases = [...cell.forward, ...cell.back];
    const units = steps[0].h.length;

    /** What a box shows at a step, a number for each unit. */
    function values(key, t) {
      if (key === "hBefore") return t > 0 ? steps[t - 1].h : start.h;
      if (key === "cBefore") return t > 0 ? steps[t - 1].c : start.c;
      return steps[t][key];
    }
    const size = (lists) => Math.max(...lists.flat().map(Math.abs));
    const scales = Object.fromEntries(Object.keys(cell.boxes).map((key) =>
      [key, Math.max(key === "x" ? 0 : 1, size(steps.map((_, t) => values(key, t))))]));
    const steepest = size(gradients.flatMap((step) => Object.values(step)));

    // Every position of the slider: a step, forward or back, and a phase of it.
    const moments = [];
    steps.forEach((_, t) => cell.forward.forEach((phase) => moments.push({t, phase, back: false})));
    [...steps.keys()].reverse().forEach((t) =>
      cell.back.forEach((phase) => moments.push({t, phase, back: true})));
    const place = ({t, phase, back}) =>
      back ? told("step %@ of %@, %@", t + 1, steps.length, told(phase))
        : told("step %@ of %@, forward: %@", t + 1, steps.length, told(phase));

    let boxes, parts, strip;
    stage.root.classList.add("cell");
    stage.hint(told("Step through the run with the slider, its arrow keys or a click on a step: forth through the cell's equation, then back with the gradient ∂."));
    stage.drawing(
      {rnn: told("The cell of an RNN"), lstm: told("The cell of an LSTM"), gru: told("The cell of a GRU")}[
        stage.data.kind],
      (drawing, width) => {
        const sx = width / cell.size[0], sy = Math.min(60, Math.max(46, sx));
        const half = [Math.min(0.6 * sx, 34), 0.58 * sy];
        boxes = {};
        parts = [];
        const at = ([x, y]) => [x * sx, y * sy];
        const add = (on, color, element) => {
          parts.push({on: on.split("|"), element});
          element.classList.add(color);
          drawing.append(element);
          return element;
        };
        for (const {path, label, on, color} of cell.wires) {
          const points = path.map(at);
          add(on, color, svg("polyline", {points: points.join(" "), class: "wire"}));
          for (const [end, from, way] of [
            [points.at(-1), points.at(-2), "forth"], [points[0], points[1], "home"],
          ]) {
            const turn = Math.atan2(end[1] - from[1], end[0] - from[0]) * 180 / Math.PI;
            add(on, color, svg("path", {
              d: "M 0 0 L -8 -4.5 L -8 4.5 Z", class: `tip ${way}`,
              transform: `translate(${end}) rotate(${turn})`,
            }));
          }
          if (label) {
            drawing.append(svg("text", {
              x: (points[0][0] + points[1][0]) / 2, y: points[0][1] - 10, "text-anchor": "middle",
            }, "W", svg("tspan", {dy: 4, "font-size": 10}, label.slice(2))));
          }
        }
        for (const {sign, at: place, on, color} of cell.dots) {
          const [x, y] = at(place), radius = sign.length > 1 ? Math.min(0.45 * sx, 20) : Math.min(0.3 * sx, 13);
          add(on, color, svg("g", {},
            svg("ellipse", {cx: x, cy: y, rx: Math.max(radius, sign.length * 4.2), ry: Math.min(radius, 15) + 2, class: "box"}),
            svg("text", {x, y: y + 4.5, "text-anchor": "middle"}, sign)));
        }
        for (const [key, {name, at: place, on, color, bars, nameEnds}] of Object.entries(cell.boxes)) {
          const [x, y] = at(place), group = svg("g", {"data-box": key});
          const [left, top] = [x - half[0], y - half[1]];
          group.append(svg("rect", {
            x: left, y: top, width: 2 * half[0], height: 2 * half[1], rx: 6, class: "box",
          }));
          const zero = svg("line", {x1: left + 3, x2: x + half[0] - 3, class: "zero"});
          group.append(zero);
          const count = values(key, 0).length, wide = (2 * half[0] - 8) / count;
          const all = values(key, 0).map((_, unit) => {
            const bar = svg("rect", {
              x: left + 4 + unit * wide + 1, width: Math.max(1, wide - 2), class: "bar",
            }, svg("title"));
            group.append(bar);
            return bar;
          });
          group.append(svg("text", {
            x: nameEnds ? x + half[0] : left, y: top - 5, class: "name", "text-anchor": nameEnds ? "end" : "start",
          }, name));
          const number = svg("text", {
            x, y: y + half[1] + 14, "text-anchor": "middle", class: "value",
          });
          group.append(number);
          add(on, color, group);
          boxes[key] = {bars: all, zero, number, name, isGate: bars === "gate", y, reach: half[1] - 4};
        }
        // The whole run: the state after each step, or its gradient.
        const top = cell.size[1] * sy + 8, high = 40, wide = width / steps.length;
        strip = steps.map((_, t) => {
          const back = svg("rect", {
            x: t * wide + 1, y: top, width: Math.max(1, wide - 2), height: high, rx: 4, class: "strip",
          }, svg("title"));
          const bar = svg("rect", {
            x: t * wide + wide * 0.25, width: Math.max(1, wide * 0.5), class: "past",
          });
          drawing.append(back, bar);
          // Each, or every so many, with its number.
          if (t % Math.ceil(22 / wide) === 0) {
            drawing.append(svg("text", {
              x: (t + 0.5) * wide, y: top + high + 14, "text-anchor": "middle", class: "small",
            }, t + 1));
          }
          back.addEventListener("click", () => {
            time.value = moments.findIndex((m) => m.t === t && m.back === moments[time.value].back);
            stage.refresh();
          });
          return {back, bar, middle: top + high / 2, reach: high / 2 - 3};
        });
        const note = svg("text", {x: 0, y: top + high + 32, class: "small note"});
        drawing.append(note);
        strip.note = note;
        return top + high + 40;
      });

    const terms = {false: cell.rows, true: cell.backRows};
    const list = html("ol", {class: "terms"});
    let rows = [], shown = null;
    stage.below.append(list);
    // The lines of the equation show what is said.
    stage.said.classList.add("unseen");
    function tellRows(back) {
      if (shown === back) return;
      shown = back;
      rows = terms[back].map((row) => {
        const numbers = html("span", {class: "value"});
        const item = html("li", {class: row.color}, lettered(told(row.text)), numbers);
        return {...row, item, numbers};
      });
      list.replaceChildren(...rows.map((row) => row.item));
    }

    const time = stage.slider({
      label: told("through time"), max: moments.length - 1, text: (k) => place(moments[k]),
    });
    const chosen = units > 1
      ? stage.slider({label: told("unit"), min: 1, max: units, text: (u) => told("%@ of %@", u, units)}) : null;

    function level(bar, isGate, y, reach, share) {
      const high = Math.max(0.5, Math.min(1, Math.abs(share)) * reach * (isGate ? 2 : 1));
      const base = isGate ? y + reach : y;
      bar.setAttribute("y", share < 0 ? base : base - high);
      bar.setAttribute("height", high);
    }

    stage.onUpdate(() => {
      const {t, phase, back} = moments[time.value], unit = chosen ? chosen.value - 1 : 0;
      const number = back ? small : n;
      const one = {};
      // The gradients of a step share a scale of their own, or most of them would not be seen.
      const steep = size(Object.values(gradients[t])) || 1;
      for (const [key, box] of Object.entries(boxes)) {
        const list = back ? gradients[t][key] : values(key, t);
        const own = list[Math.min(unit, list.length - 1)];
        one[key] = own;
        const isGate = box.isGate && !back;
        box.zero.setAttribute("y1", isGate ? box.y + box.reach : box.y);
        box.zero.setAttribute("y2", isGate ? box.y + box.reach : box.y);
        list.forEach((number, place) => {
          const bar = box.bars[place];
          level(bar, isGate, box.y, box.reach,
            number / (back ? steep : isGate ? 1 : scales[key] || 1));
          bar.classList.toggle("other", list.length > 1 && place !== unit);
          const name = `${back ? "∂" : ""}${box.name}`;
          say(bar.firstChild, (list.length > 1 ? told("%@ of unit %@", name, place + 1) : name)
            + ` = ${short(number, 4)}`);
        });
        say(box.number, number(own));
      }
      for (const {on, element} of parts) {
        const isLit = on.includes(phase);
        element.classList.toggle("lit", isLit);
        element.classList.toggle("back", back);
        // Where wires share their way, the lit ones lie above.
        if (isLit && element.localName !== "g") element.parentNode.append(element);
      }
      strip.forEach(({back: field, bar, middle, reach}, k) => {
        const isKnown = back ? k >= t : k <= t;
        const number = back ? gradients[k].h[unit] : steps[k].h[unit];
        level(bar, false, middle, reach, isKnown ? number / (back ? steepest || 1 : scales.h) : 0);
        field.classList.toggle("now", k === t);
        bar.classList.toggle("now", k === t);
        say(field.firstChild, isKnown
          ? told("step %@: %@", k + 1, `${back ? "∂h" : "h"} = ${short(number, 4)}`) : told("step %@", k + 1));
      });
      say(strip.note, back
        ? told("∂h at each step, from the last back to the first")
        : told("h after each step, so far"));

      tellRows(back);
      const sentence = [];
      for (const row of rows) {
        const isLit = row.on === phase;
        row.item.classList.toggle("lit", isLit);
        const middle = row.numbers_(one, back);
        say(row.numbers, middle);
        if (isLit) sentence.push(told(row.text) + middle);
      }
      const lit = sentence.reduce((all, one) => all ? told("%@; %@", all, one) : one, "");
      stage.say(told("%@. %@.", place(moments[time.value]), lit));
    });

    /** ` = 0.62 · 0.31 = 0.19` */
    for (const row of [...cell.rows, ...cell.backRows]) {
      row.numbers_ = (one, back) => {
        const number = back ? small : n;
        if (row.parts) {
          const product = row.parts.reduce((result, key) => result * one[key], 1);
          return ` = ${row.parts.map((key) => number(one[key])).join(row.sign)} = ${number(product)}`;
        }
        return `${row.numbers && !back ? ` = ${row.numbers(one)}` : ""} = ${number(one[row.result])}`;
      };
    }
  });
}
