/* Type a date, and a network writes it anew; at each character that it writes attention shows which of
   those it read it looks at.

   data: {read, step, source, target, text, length}. `read` takes `ids` [time, 1] and gives `keys`
   [1, time, …], `projected` and `state`; `step` takes these and `last` [1], and gives `logits`
   [1, target], `state` and `weights` [1, time]. Of the target, 0 begins and 1 ends. */
{
  const {svg, fixed, told, sentences, share, unmet} = unroll;

  unroll.component("date", (stage) => {
    const {source, target, length} = stage.data;
    stage.root.classList.add("date");
    stage.hint(sentences(
      told("Type a date. Each row is a character that the network writes: the stronger a cell, the more it looks at the character above."),
      told("Whatever is typed, it writes a date.")));
    const [read, step] = [stage.data.read, stage.data.step].map(unroll.model);
    const number = new Map(source.map((sign, place) => [sign, place]));

    /** The characters written, the likeliest each time, with their probabilities and where the network
        looked at each. */
    stage.answer = (signs) => {
      const ids = {shape: [signs.length, 1], data: Float64Array.from(signs, (sign) => number.get(sign) ?? 0)};
      let {keys, projected, state} = read({ids}), last = 0;
      const written = [];
      while (written.length < length) {
        const found = step({last: {shape: [1], data: Float64Array.of(last)}, state, keys, projected});
        state = found.state;
        const scores = [...found.logits.data], most = Math.max(...scores);
        last = scores.indexOf(most);
        if (last === 1) break;
        const likely = 1 / scores.reduce((sum, score) => sum + Math.exp(score - most), 0);
        written.push({character: target[last], weights: [...found.weights.data], likely});
      }
      return written;
    };

    let signs = [], written = [], parts;
    const take = (text) => {
      signs = [...text.toLowerCase()];
      written = signs.length ? stage.answer(signs) : [];
      place.setMax(Math.max(1, written.length));
      if (place.value > written.length) place.value = written.length;
    };
    stage.drawing(told("What was read, what is written, and where the network looked"), (drawing, width) => {
      const grid = svg("g");
      drawing.append(grid);
      parts = {grid, width};
      return 34 + (length - 1) * 22 + 12;
    });
    const field = stage.field({label: told("a date"), value: stage.data.text, length: 40, changed: take});
    const place = stage.slider({
      label: told("writes"), min: 1, max: 1,
      text: (k) => written.length ? told("character %@: %@", k, written[k - 1]?.character) : told("nothing"),
    });
    take(stage.data.text);

    stage.onUpdate(() => {
      const {grid, width} = parts, left = 26, now = place.value - 1;
      const wide = Math.min(30, (width - left) / Math.max(1, signs.length));
      const looks = written[now]?.weights ?? [];
      // As many signs as there are have to stand side by side.
      const size = Math.min(13, wide / 0.61).toFixed(1);
      grid.replaceChildren(
        ...signs.flatMap((sign, k) => [
          svg("rect", {
            x: left + k * wide, y: 2, width: Math.max(1, wide - 1), height: 24, rx: 3, class: "look",
            "fill-opacity": 0.5 * (looks[k] ?? 0),
          }, svg("title", {}, told("%@: %@", sign === " " ? told("space") : sign, fixed(looks[k] ?? 0)))),
          svg("text", {
            x: left + (k + 0.5) * wide, y: 19, "text-anchor": "middle", class: "mono", style: `font-size: ${size}px`,
          }, number.has(sign) ? sign : "?"),
        ]),
        ...written.flatMap(({character, weights}, row) => [
          svg("text", {x: 4, y: 34 + row * 22 + 15, class: row === now ? "now" : "small"}, character),
          ...weights.map((weight, k) => svg("rect", {
            x: left + k * wide, y: 34 + row * 22, width: Math.max(1, wide - 1), height: 20,
            class: row === now ? "look now" : "look", "fill-opacity": Math.max(0.04, weight),
          }, svg("title", {}, told("%@ looks at %@: %@", character,
            signs[k] === " " ? told("the space") : signs[k], fixed(weight))))),
        ]),
        written.length ? svg("rect", {
          x: left - 1, y: 33 + now * 22, width: signs.length * wide + 1, height: 22, rx: 3, class: "row",
        }) : "");
      const most = looks.indexOf(Math.max(...looks));
      stage.say(!written.length ? told("Type a date.") : sentences(
        told("It writes %@, with probability %@.", written.map(({character}) => character).join(""),
          share(written.reduce((product, {likely}) => product * likely, 1))),
        told("For the %@ at place %@ it looks most at “%@”, place %@ of %@: %@.",
          written[now].character, now + 1,
          signs[most] === " " ? told("a space") : signs[most], most + 1, signs.length, fixed(looks[most])),
        unmet(signs, number)));
    });
  });
}
