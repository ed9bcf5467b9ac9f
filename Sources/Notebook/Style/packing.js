/* A batch of sequences of unequal length, padded and packed, read step by step.

   data: {lengths, names, values: a number for each step of each sequence}. */
{
  const {svg, fixed, told, sentences, breadth} = unroll;
  const colors = ["blue", "orange", "green", "purple", "vermilion", "sky"];

  unroll.component("packing", (stage) => {
    const {lengths} = stage.data, names = stage.data.names.map((name) => told(name)), most = Math.max(...lengths);
    const sorted = [...lengths.keys()].sort((a, b) => lengths[b] - lengths[a] || a - b);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    stage.root.classList.add("packing");
    stage.hint(told("Move through time and compare both orders: a column is what a network reads in one step, an empty cell is padding."));
    const isWhole = stage.data.values.flat().every(Number.isInteger);
    const texts = stage.data.values.map((list) => list.map((value) => fixed(value, isWhole ? 0 : 1)));
    const longest = Math.max(...texts.flat().map((text) => text.length));
    let parts;

    /** A cell in its sequence's color and with its number, where there is room for it. */
    function box(sequence, step, {x, y, width, height}) {
      const size = Math.min(13, (width - 2) / (0.57 * longest)), isReal = step < lengths[sequence];
      return svg("g", {class: "cell"},
        svg("rect", {
          x, y, width, height, rx: Math.min(4, width / 3),
          class: isReal ? `real ${colors[sequence % colors.length]}` : "padding",
        }, svg("title", {}, isReal
          ? told("%@, step %@: %@", names[sequence], step + 1, fixed(stage.data.values[sequence][step], isWhole ? 0 : 4))
          : told("padding"))),
        isReal && size >= 10 ? svg("text", {
          x: x + width / 2, y: y + height / 2 + 4.5, "text-anchor": "middle", style: `font-size: ${size.toFixed(1)}px`,
        }, texts[sequence][step]) : "");
    }
    stage.drawing(told("The batch, padded, and under it the same numbers packed"), (drawing, width) => {
      // A long name leaves room for the cells.
      const room = Math.floor((0.4 * width - 10) / 7.2);
      const shown = names.map((name) => name.length > room ? `${name.slice(0, room - 1)}…` : name);
      const left = Math.max(...shown.map((name) => breadth(name, 7.2, 13.5))) + 10;
      const wide = Math.min(46, (width - left) / most), high = 26;
      const rows = lengths.map((_, sequence) => {
        const name = svg("text", {x: 0, y: high * 0.7}, shown[sequence]);
        const cells = Array.from({length: most}, (_, step) => box(sequence, step, {
          x: left + step * wide + 1, y: 1, width: wide - 2, height: high - 2,
        }));
        const row = svg("g", {}, name, ...cells);
        drawing.append(row);
        return {row, cells};
      });
      const frame = svg("rect", {y: -3, width: wide, height: high * lengths.length + 6, rx: 6, class: "frame"});
      drawing.append(frame);
      // As many rows a step computes when packed.
      const sums = high * lengths.length + 18;
      drawing.append(svg("text", {x: 0, y: sums, class: "small"}, told("still run")));
      for (let step = 0; step < most; step++) {
        drawing.append(svg("text", {
          x: left + (step + 0.5) * wide, y: sums, "text-anchor": "middle", class: "small",
        }, lengths.filter((length) => length > step).length));
      }
      const top = high * lengths.length + 56, narrow = width / total;
      drawing.append(svg("text", {x: 0, y: top - 8, class: "small"}, told("packed, as it lies in memory:")));
      const flat = [];
      for (let step = 0; step < most; step++) {
        for (const sequence of sorted.filter((sequence) => lengths[sequence] > step)) {
          const cell = box(sequence, step, {
            x: flat.length * narrow + 0.5, y: top, width: Math.max(1, narrow - 1), height: high - 4,
          });
          drawing.append(cell);
          flat.push({cell, step});
        }
      }
      parts = {rows, frame, flat, left, wide, high};
      return top + high + 4;
    });
    const time = stage.slider({
      label: told("through time"), min: 0, max: most,
      text: (step) => step ? told("step %@ of %@", step, most) : told("the whole batch"),
    });
    const order = stage.choice({label: told("order"), options: [told("as they come"), told("longest first")]});

    stage.onUpdate(() => {
      const step = time.value, {rows, frame, flat, left, wide, high} = parts;
      const places = order.value ? sorted : [...lengths.keys()];
      places.forEach((sequence, place) => {
        const {row, cells} = rows[sequence];
        row.setAttribute("transform", `translate(0 ${place * high})`);
        cells.forEach((cell, k) => cell.classList.toggle("later", step > 0 && k >= step));
      });
      frame.setAttribute("visibility", step ? "visible" : "hidden");
      frame.setAttribute("x", left + (step - 1) * wide);
      for (const {cell, step: own} of flat) {
        cell.classList.toggle("later", step > 0 && own >= step);
        cell.classList.toggle("now", own === step - 1);
      }
      const running = lengths.filter((length) => length >= step).length;
      const done = flat.filter(({step: own}) => own < step).length;
      stage.counts = {running, packed: step ? done : total, padded: (step || most) * lengths.length};
      if (!step) {
        stage.say(told("%@ sequences of up to %@ steps: %@ rows when padded, %@ when packed.",
          lengths.length, most, lengths.length * most, total));
        return;
      }
      const block = places.map((sequence) => lengths[sequence] >= step);
      const isBlock = block.indexOf(false) === -1 || block.indexOf(false) > block.lastIndexOf(true);
      stage.say(sentences(
        isBlock ? told("Step %@: %@ of %@ sequences still run, one block of rows.", step, running, lengths.length)
          : told("Step %@: %@ of %@ sequences still run, with gaps between them: they must be put in order first.",
            step, running, lengths.length),
        told("Computed so far: %@ rows padded, %@ packed.", step * lengths.length, done)));
    });
  });
}
