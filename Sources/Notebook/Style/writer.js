/* Type a beginning, choose a temperature, and a network writes on; each character is colored by the
   probability that it had.

   data: {model, characters, beginning, length}. The model takes `ids` [time, 1] and `h_0` [1, 1, hidden]
   and gives `logits` [time, 1, characters] and `h_n`; the first character stands for all that the network
   never met. */
{
  const {html, fixed, told, sentences, unmet} = unroll;

  /** Numbers from 0 to 1, the same for the same seed (mulberry32). */
  function draws(seed) {
    return () => {
      seed = seed + 0x6D2B79F5 | 0;
      let t = Math.imul(seed ^ seed >>> 15, 1 | seed);
      t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
      return ((t ^ t >>> 14) >>> 0) / 4294967296;
    };
  }

  unroll.component("writer", (stage) => {
    const {characters, hidden, length} = stage.data;
    stage.root.classList.add("writer");
    stage.hint(told("Type a beginning and choose a temperature: 0 always takes the likeliest character, 1 draws with the network's own probabilities. The stronger a character's color, the less it was expected."));
    stage.model = unroll.model(stage.data.model);
    const number = new Map(characters.map((character, place) => [character, place]));
    const split = (text) => [...new Intl.Segmenter().segment(text)].map(({segment}) => segment);
    const softmax = (scores) => {
      const most = Math.max(...scores), powers = scores.map((score) => Math.exp(score - most));
      const sum = powers.reduce((total, power) => total + power, 0);
      return powers.map((power) => power / sum);
    };

    /** The scores of every next character, and the state to go on from. */
    stage.read = (ids, state = new Float64Array(hidden)) => {
      const {logits, h_n} = stage.model({
        ids: {shape: [ids.length, 1], data: Float64Array.from(ids)},
        h_0: {shape: [1, 1, hidden], data: state},
      });
      return {scores: [...logits.data.subarray(-characters.length)], all: logits.data, state: h_n.data};
    };

    /** Draws one more character, with the probability that it had at temperature 1. */
    function draw(text) {
      const {scores, written, next, warmth} = text, shares = softmax(scores);
      // What it never met it cannot write.
      const drawn = scores.map((score, id) => id === 0 ? -Infinity : score);
      let id = drawn.indexOf(Math.max(...drawn));
      if (warmth > 0) {
        let left = next();
        for (const [place, share] of softmax(drawn.map((score) => score / warmth)).entries()) {
          left -= share;
          if (left < 0) { id = place; break; }
        }
      }
      written.push({character: characters[id], share: shares[id]});
      Object.assign(text, stage.read([id], text.state));
    }

    const page = html("p", {class: "written"});
    stage.root.append(page);
    const field = stage.field({label: told("a beginning"), value: stage.data.beginning, length: 60});
    const temperature = stage.slider({
      label: told("temperature"), min: 0, max: 2, step: 0.05, value: 0.7,
      text: (value) => value === 0 ? told("0: always the likeliest") : fixed(value),
    });
    let seed = 1;
    stage.button(told("write another"), () => { seed += 1; });

    let known = null, text = null;
    /** Begins anew if something else is asked for. */
    function begin(beginning, warmth) {
      const asked = JSON.stringify([beginning, warmth, seed]);
      if (text?.asked === asked) return;
      // The beginning is read once, however often it is gone on from.
      if (known?.beginning !== beginning) {
        const ids = split(beginning).map((sign) => number.get(sign) ?? 0);
        known = {beginning, ...stage.read(ids.length ? ids : [0])};
      }
      text = {asked, warmth, written: [], next: draws(seed), scores: known.scores, state: known.state};
      page.replaceChildren(html("b", {}, beginning));
    }

    const shown = (character) => character === "\n" ? told("end of line") : character;
    stage.onUpdate(() => {
      const start = performance.now();
      begin(field.value, temperature.value);
      // A few characters a frame, so that nothing has to wait for the last one.
      while (text.written.length < length && performance.now() - start < 6) {
        draw(text);
        const {character, share} = text.written.at(-1);
        const sign = html("span", {title: told("%@: %@", shown(character), fixed(share, 3))}, character);
        // From what was expected, which is plain, to a surprise.
        sign.style.setProperty("--surprise", Math.min(1, -Math.log2(share) / 8).toFixed(3));
        page.append(sign);
      }
      if (text.written.length < length) {
        stage.say(field.value ? told("After “%@” it writes …", field.value) : told("Without a beginning it writes …"));
        return stage.refresh();
      }
      const bits = text.written.reduce((sum, {share}) => sum - Math.log2(share), 0) / length;
      const rarest = text.written.reduce((least, one) => one.share < least.share ? one : least);
      const found = [length, fixed(bits), shown(rarest.character), unroll.short(rarest.share, 2)];
      stage.say(sentences(
        field.value
          ? told("After “%@”: %@ characters, %@ bits each; the least expected is “%@” with probability %@.", field.value, ...found)
          : told("Without a beginning: %@ characters, %@ bits each; the least expected is “%@” with probability %@.", ...found),
        unmet(split(field.value), number)));
    });
  });
}
