/* Type a name, and see the languages weighed letter by letter.

   data: {model, letters, languages, name}. The model takes `letters` [time, 1, letters], a row with a
   single 1 for each, and gives `shares` [time, 1, languages]; the first letter stands for all that
   the network never met. */
{
  const {svg, fixed, told, listed, sentences, share, unmet} = unroll;

  unroll.component("name", (stage) => {
    const {letters, languages} = stage.data;
    stage.root.classList.add("name");
    stage.hint(told("Type a name, then go back letter by letter: the bars are the probabilities of the likeliest languages."));
    stage.model = unroll.model(stage.data.model);
    const number = new Map(letters.map((letter, place) => [letter, place]));

    /** For each letter read a probability for each language. */
    stage.answer = (signs) => {
      const data = new Float64Array(signs.length * letters.length);
      signs.forEach((sign, t) => { data[t * letters.length + (number.get(sign) ?? 0)] = 1; });
      return stage.model({letters: {shape: [signs.length, 1, letters.length], data}}).shares.data;
    };

    let signs = [], shares = [], parts;
    // A letter with its accents is one.
    const split = (text) => [...new Intl.Segmenter().segment(text.normalize("NFC").trim())].map(({segment}) => segment);
    const read = (text) => {
      signs = split(text);
      shares = signs.length ? stage.answer(signs) : [];
      count.setMax(Math.max(1, signs.length));
      count.value = signs.length;
    };
    const shown = Math.min(6, languages.length);
    stage.drawing(told("The languages' probabilities"), (drawing, width) => {
      const row = svg("g"), bars = svg("g"), left = 96;
      drawing.append(row, bars);
      const lines = Array.from({length: shown}, (_, k) => {
        const y = 52 + k * 26;
        const name = svg("text", {x: left - 8, y: y + 16, "text-anchor": "end"});
        const bar = svg("rect", {x: left, y: y + 3, height: 18, class: "share"}, svg("title"));
        const number = svg("text", {x: width, y: y + 16, "text-anchor": "end", class: "value small"});
        bars.append(name, bar, number);
        return {name, bar, number};
      });
      parts = {row, lines, wide: width - left - 48, width};
      return 52 + shown * 26 + 4;
    });
    const field = stage.field({label: told("a name"), value: stage.data.name, length: 24, changed: read});
    const count = stage.slider({
      label: told("letters read"), min: 1, max: 1,
      text: (k) => signs.length ? told("%@ of %@", k, signs.length) : told("none"),
    });
    read(stage.data.name);

    stage.onUpdate(() => {
      const {row, lines, wide, width} = parts, read = Math.min(count.value, signs.length);
      const box = Math.min(34, width / Math.max(1, signs.length));
      row.replaceChildren(...signs.flatMap((sign, t) => {
        const most = Math.max(...shares.subarray(t * languages.length, (t + 1) * languages.length));
        return [
          svg("rect", {
            x: t * box + 1, y: 2, width: box - 2, height: 34, rx: 5,
            class: `letter${t === read - 1 ? " now" : ""}`, "fill-opacity": t < read ? 0.12 + 0.35 * most : 0,
          }, svg("title", {}, told("%@: surest of a language by %@", sign, share(most)))),
          svg("text", {x: (t + 0.5) * box, y: 24, "text-anchor": "middle", class: t < read ? "" : "small"},
            number.has(sign) ? sign : "?"),
        ];
      }));
      const now = read ? [...shares.subarray((read - 1) * languages.length, read * languages.length)] : [];
      const order = [...now.keys()].sort((a, b) => now[b] - now[a]).slice(0, shown);
      lines.forEach(({name, bar, number}, k) => {
        const language = order[k], own = now[language] ?? 0;
        unroll.say(name, language === undefined ? "" : told(languages[language]));
        bar.setAttribute("width", Math.max(0, wide * own));
        bar.classList.toggle("best", k === 0);
        unroll.say(bar.firstChild, language === undefined ? "" : told("%@: %@", told(languages[language]), fixed(own, 3)));
        unroll.say(number, language === undefined ? "" : share(own));
      });
      // The likeliest, and of the next two those that may be it.
      const likely = order.slice(0, 3).filter((language, k) => k === 0 || now[language] >= 0.005);
      stage.say(!read ? told("Type a name.") : sentences(
        told("After “%@”: %@.", signs.slice(0, read).join(""),
          listed(likely.map((language) => `${told(languages[language])} ${share(now[language])}`))),
        unmet(signs.slice(0, read), number)));
    });
  });
}
