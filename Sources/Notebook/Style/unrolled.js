/* A network unrolled over time, and what is left of the gradient of its last state at every step before:
   it vanishes, explodes, or is cut.

   data: {recurrent: orthogonal matrix, rows, input: a weight for each unit, inputs: a number for each
   step, factor, size, length}. The state is h = tanh(factor · recurrent h₋ + input · size · x). */
{
  const {svg, fixed, short, say, told, sentences} = unroll;

  /** Every state, and ∂L/∂h at every step of L = Σ h_T; `share[k]` is how much of the gradient of the
      recurrent weights is lost, as a share of its length, when it is cut k steps before the end. */
  function run({recurrent, input, inputs}, factor, size, length) {
    const units = input.length, states = [new Float64Array(units)];
    for (let t = 0; t < length; t++) {
      const h = states[t], next = new Float64Array(units);
      for (let i = 0; i < units; i++) {
        let sum = 0;
        for (let j = 0; j < units; j++) sum += recurrent[i][j] * h[j];
        next[i] = Math.tanh(factor * sum + input[i] * size * inputs[t]);
      }
      states.push(next);
    }
    const norms = new Float64Array(length + 1);
    let dh = new Float64Array(units).fill(1);
    const total = new Float64Array(units * units), sums = [];
    for (let t = length; t >= 0; t--) {
      norms[length - t] = Math.hypot(...dh);
      if (t === 0) break;
      const h = states[t], back = new Float64Array(units);
      for (let i = 0; i < units; i++) {
        const da = dh[i] * (1 - h[i] * h[i]);
        for (let j = 0; j < units; j++) {
          back[j] += factor * da * recurrent[i][j];
          total[i * units + j] += da * states[t - 1][j];
        }
      }
      sums.push(total.slice());
      dh = back;
    }
    const whole = Math.hypot(...total);
    const lost = sums.map((part) => Math.hypot(...part.map((x, k) => total[k] - x)) / (whole || 1));
    const last = norms[0];
    return {norms: norms.map((norm) => norm / last), lost};
  }

  unroll.component("unrolled", (stage) => {
    const {data} = stage, most = data.inputs.length;
    stage.root.classList.add("unrolled");
    stage.hint(told("Change the factor, the length and the inputs, and drag the handle under the curve to cut the gradient's way back. Each box is a step: the fainter, the less gradient reaches it; red, where it has grown."));
    const [top, bottom] = [6, -10];
    let parts;

    const factor = stage.slider({
      label: told("W_hh times"), min: 0.5, max: 1.5, step: 0.01, value: data.factor, text: (f) => fixed(f),
    });
    const length = stage.slider({
      label: told("steps"), min: 5, max: most, value: data.length,
      moved: (count) => { cut.setMax(count); }, text: (count) => told("%@ steps", count),
    });
    const size = stage.slider({
      label: told("inputs"), min: -7, max: 1, step: 0.5, value: Math.log10(data.size),
      text: (power) => told("of size %@", short(10 ** power, 1)),
    });
    const cut = stage.slider({
      label: told("looks back"), min: 1, max: data.length, value: data.length,
      text: (k) => k >= length.value ? told("all the way") : told("%@ steps, then it is cut", k),
    });

    const drawing = stage.drawing(told("The gradient at every step of the unrolled network"),
      (drawing, width) => {
        const [left, right, high] = [44, 8, 230];
        const plot = {left, width: width - left - right, high};
        const y = (power) => 24 + (top - power) / (top - bottom) * (high - 24);
        for (const power of [4, 0, -4, -8]) {
          drawing.append(
            svg("line", {x1: left, x2: width - right, y1: y(power), y2: y(power), class: "grid"}),
            svg("text", {x: left - 6, y: y(power) + 4, "text-anchor": "end", class: "small"},
              ({4: "10⁴", 0: "1", "-4": "10⁻⁴", "-8": "10⁻⁸"})[power]));
        }
        drawing.append(svg("text", {x: left, y: 14, class: "small"},
          told("length of ∂L/∂h, that of the last step being 1")));
        const past = svg("rect", {x: left, y: 24, height: high - 24, class: "past"});
        // What is too small or too large for the scale leaves it.
        const id = `plot-${stage.number}`;
        const power = svg("polyline", {class: "bound"}), line = svg("polyline", {class: "norms"});
        const names = [told("first step"), told("last step")].map((name, end) => svg("text", {
          x: end ? width - right : left, y: high + 74, "text-anchor": end ? "end" : "start",
          class: "small",
        }, name));
        const chain = svg("g"), edge = svg("line", {y1: 24, y2: high + 54, class: "cut"});
        const grip = svg("g", {class: "grip"}, svg("circle", {r: 22, class: "reach"}),
          svg("circle", {r: 9}), svg("title", {}, told("where the gradient is cut")));
        drawing.append(
          svg("defs", {}, svg("clipPath", {id},
            svg("rect", {x: left, y: 22, width: plot.width, height: high - 22}))),
          past, svg("g", {"clip-path": `url(#${id})`}, power, line), chain,
          svg("rect", {x: left, y: high + 15, width: plot.width, height: 36, rx: 3, class: "chain"}),
          edge, grip, ...names);
        parts = {plot, y, past, power, line, chain, edge, grip, boxes: []};
        stage.follow(grip, drawing, (x) => {
          const back = Math.round((plot.left + plot.width - x) / plot.width * length.value);
          cut.value = Math.max(1, Math.min(length.value, back));
        });
        return high + 82;
      });

    stage.onUpdate(() => {
      const steps = length.value, {plot, y, chain} = parts;
      const {norms, lost} = run(data, factor.value, 10 ** size.value, steps);
      stage.norms = norms;
      const x = (back) => plot.left + plot.width * (1 - back / steps);
      const inside = (value, below = bottom, above = top) =>
        Math.max(below, Math.min(above, Math.log10(value)));
      const points = (values) =>
        values.map((value, back) => `${x(back).toFixed(1)},${y(inside(value, -99, 99)).toFixed(1)}`).join(" ");
      parts.line.setAttribute("points", points([...norms]));
      parts.power.setAttribute("points", points([...norms].map((_, k) => factor.value ** k)));
      // The boxes of the unrolled network, as many as there are steps.
      const wide = plot.width / steps;
      if (parts.boxes.length !== steps) {
        parts.boxes = [...Array(steps).keys()].map(() => svg("rect", {rx: Math.min(4, wide / 4)},
          svg("title")));
        chain.replaceChildren(...parts.boxes);
      }
      const kept = Math.min(cut.value, steps);
      parts.boxes.forEach((box, t) => {
        const back = steps - 1 - t, share = inside(norms[back]);
        box.setAttribute("x", plot.left + t * wide + (wide > 6 ? 1 : 0.2));
        box.setAttribute("width", Math.max(0.6, wide - (wide > 6 ? 2 : 0.4)));
        box.setAttribute("y", plot.high + 16);
        box.setAttribute("height", 34);
        box.setAttribute("class", back >= kept ? "lost" : share > 0.5 ? "large" : "reached");
        box.setAttribute("fill-opacity",
          back >= kept ? 0 : share > 0.5 ? 0.45 + 0.55 * share / top : Math.max(0.06, 1 + share / 8));
        say(box.firstChild, back >= kept ? told("step %@: %@, cut off", t + 1, short(norms[back]))
          : told("step %@: %@", t + 1, short(norms[back])));
      });
      const place = x(kept);
      parts.past.setAttribute("width", Math.max(0, place - plot.left));
      for (const end of ["x1", "x2"]) parts.edge.setAttribute(end, place);
      parts.grip.setAttribute("transform", `translate(${place} ${plot.high + 33})`);
      const first = norms[steps];
      stage.say(sentences(
        told("After %@ steps back the gradient is %@ times what it was; %@ to the power of %@, the dotted line, is %@.",
          steps, short(first), fixed(factor.value), steps, short(factor.value ** steps)),
        kept >= steps ? told("Nothing is cut.")
          : told("Cut after %@ steps, the gradient of W_hh is wrong by %@ % of its length.",
            kept, fixed(100 * lost[kept - 1], 1))));
    });
  });
}
