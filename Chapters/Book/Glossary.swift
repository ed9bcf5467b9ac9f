import Notebook

extension Term {
  /// The words of the field that the chapters use. A chapter tells a term where it first stresses
  /// it; the tests see to it that each is told once, and used nowhere before.
  static let all: [Term] =
    sequences + texts + learning + recurrence + gates + modules + applications

  private static let sequences: [Term] = [
    Term("sequence", "Numbers or signs whose order counts: each has a place, and neighbors."),
    Term("autocorrelation", "The correlation of a series with itself some steps earlier."),
    Term("lag", "How many steps earlier, when a series is compared with itself."),
    Term("window", "A run of so many neighboring steps of a series, cut out as an example."),
    Term("stride", "How many steps after one window the next begins."),
    Term("horizon", "How many steps ahead is forecast."),
    Term("training part", "What a model learns from.", forms: ["training set"]),
    Term(
      "validation part",
      "What is kept from learning and decides when to stop and which model to keep.",
      forms: ["validation set"]),
    Term("test part", "What is looked at once, at the end, and judges.", forms: ["test set"]),
    Term("leak", "Something of the answer that a model gets to see while it is judged."),
    Term(
      "seed", "The number that all drawing of chance begins with: the same seed, the same draws.",
      forms: ["seeds"]),
    Term("mean squared error", "The mean of the squared differences between forecasts and truth."),
    Term("NaN", "Not a number: it stands where a value is missing."),
    Term("spline", "A smooth curve through given points, a cubic from each to the next."),
    Term("seasonal difference", "The change from the same moment one season earlier."),
    Term(
      "padding", "Filling up the shorter sequences of a batch to one length.",
      forms: ["padded"]),
    Term("mask", "An array that says which steps are real and which are padding."),
    Term(
      "packing", "Keeping the real steps of unequal sequences alone, one block for each time step.",
      forms: ["packed"]),
    Term("min–max scale", "Sends the least to 0 and the most to 1.", forms: ["min–max"]),
    Term("standard scale", "Sends the mean to 0 and the standard deviation to 1."),
    Term(
      "standard deviation",
      "The root of the mean squared distance from the mean; a result whose name ends in `.sd` is "
        + "that of several runs."),
    Term("robust scale", "Sends the median to 0 and the distance of the quartiles to 1."),
    Term(
      "batch", "Several examples that are worked on at once, as one array.",
      forms: ["minibatch"]),
    Term("bucket", "Sequences of similar length, which share their batches."),
  ]

  private static let texts: [Term] = [
    Term("token", "A piece of text that counts as one step: a character, a word, part of a word."),
    Term("vocabulary", "The kinds of tokens that a model knows, each with a number."),
    Term("unknown token", "The one token that stands for all that the vocabulary lacks."),
    Term(
      "Zipf's law",
      "The $r$-th most frequent word comes in proportion to $r^{-\\alpha}$ times, with "
        + "$\\alpha$ near 1."),
    Term("n-gram", "A run of $n$ tokens.", forms: ["unigram", "bigram", "trigram"]),
    Term(
      "autoregressive", "Foreseeing the next from the past, and going on from its own forecasts.",
      forms: ["autoregression"]),
    Term("Markov assumption", "The last few steps are all of the past that matters."),
    Term("latent state", "What a model keeps of the past, not seen in the data."),
    Term(
      "stationary",
      "With a mean, a spread and an autocorrelation that stay the same as time goes on."),
    Term(
      "bootstrap",
      "Drawing from a sample again, with repetition, to see how far chance alone moves a figure."),
    Term("cross-entropy", "The mean of $-\\log p$ of what came: how surprised a model is by it."),
    Term("nat", "The unit of surprise with the natural logarithm."),
    Term("bit", "The unit of surprise with the logarithm to the base 2."),
    Term(
      "perplexity",
      "e to the cross-entropy in nats: among how many equally likely tokens a model wavers.",
      forms: ["perplexities"]),
    Term("smoothing", "Giving something of what was counted to what was never seen."),
    Term("Laplace smoothing", "Counting as if everything had been seen once more than it was."),
    Term(
      "Witten–Bell smoothing",
      "Mixing in shorter contexts, the more of them the more kinds have followed the longer one."),
    Term("random partition", "A long text cut into rows that are read in random order."),
    Term(
      "sequential partition",
      "A long text cut into strips, so that each row of a batch goes on where it ended in "
        + "the last."),
  ]

  private static let learning: [Term] = [
    Term("neuron", "A weighted sum of inputs and a bias, bent by a function."),
    Term("weight", "A number that an input is multiplied by, and that is learned."),
    Term("bias", "A number that is added, and that is learned."),
    Term("activation", "The function that bends a neuron's sum, such as tanh."),
    Term("loss", "The number that says how wrong a model is; learning makes it smaller."),
    Term("gradient", "How fast the loss grows with each weight."),
    Term("tensor", "An array that remembers how it came to be."),
    Term(
      "automatic differentiation", "Gradients by walking back through the memory of a computation."),
    Term("autograd", "The part of a library that does automatic differentiation."),
    Term("gradient descent", "Steps against the gradient, again and again."),
    Term("learning rate", "How long a step of gradient descent is for a gradient of a given size."),
    Term("Adam", "Gradient descent in which each weight has a pace of its own."),
    Term("RMSprop", "Gradient descent that divides each gradient by its usual size."),
    Term("softmax", "Makes probabilities of scores: $e^{o_k} / \\sum_j e^{o_j}$."),
    Term("one-hot", "A row with 1 at the place of a class and 0 elsewhere."),
    Term(
      "naive forecast", "One that costs nothing, such as the last value again.",
      forms: ["free forecast"]),
    Term(
      "linear autoregression",
      "A forecast by a weighted sum of the last values, with weights found by least squares."),
    Term("early stopping", "Ending the training when the validation error no longer falls."),
    Term("epoch", "One walk through all of the training part."),
    Term(
      "dropout", "Setting some numbers to 0 at random while training, so that none is relied on."),
    Term("weight decay", "Drawing all weights a little toward 0 at each step."),
    Term("gradient clipping", "Cutting a gradient that is longer than some length to that length."),
    Term("saturated", "Where a bent function is so flat that it has no slope."),
    Term("singular value", "By how much a matrix makes a vector of one of its directions longer."),
    Term("orthogonal matrix", "One that turns or mirrors vectors and leaves their lengths."),
  ]

  private static let recurrence: [Term] = [
    Term(
      "recurrent layer",
      "A layer that reads a sequence step by step, with its own last state as a second input: "
        + "that of a recurrent neural network (RNN).",
      forms: ["recurrent network", "RNN"]),
    Term("hidden state", "What a recurrent layer hands on from step to step."),
    Term("hidden unit", "One number of a hidden state, with its weights."),
    Term("unrolled", "Drawn as a deep network, one copy of the layer for each time step."),
    Term("backpropagation through time", "The chain rule along an unrolled network."),
    Term("detached", "With its value kept and its history cut off."),
    Term(
      "truncated backpropagation through time",
      "Carrying the state on from segment to segment and ending the gradient at the "
        + "segment's beginning."),
    Term(
      "vanishing gradient",
      "One that gets smaller with every step back, until nothing is learned."),
    Term("exploding gradient", "One that gets larger with every step back."),
  ]

  private static let gates: [Term] = [
    Term(
      "gate", "A number between 0 and 1, computed at each step, that lets something pass in part."),
    Term(
      "LSTM",
      "Long short-term memory: a recurrent layer with a second state, only added to, and gates.",
      forms: ["long short-term memory"]),
    Term("cell state", "The LSTM's second state, forgotten in part and added to."),
    Term("forget gate", "How much of the cell state stays."),
    Term("input gate", "How much of the candidate comes into the cell state."),
    Term("output gate", "How much of the cell state is shown as the hidden state."),
    Term("candidate", "What may be taken into the state at this step."),
    Term(
      "conveyor belt",
      "A picture of the cell state: where no gate acts, what lies on it moves on as it is."),
    Term("forget bias", "Where the forget gate begins: a large one means that it begins open."),
    Term("adding problem", "Two marked numbers of a long sequence are to be added."),
    Term("copy task", "Symbols are to be repeated after a long wait."),
    Term("temporal order problem", "Saying which of two symbols came first in a long sequence."),
    Term("peephole", "A gate's look at the cell state."),
    Term(
      "clockwork RNN", "A recurrent layer whose units change at different rates.",
      forms: ["clockwork"]),
    Term(
      "depth-gated LSTM", "An LSTM that also takes in the cell state of the layer below.",
      forms: ["depth-gated"]),
    Term("GRU", "The gated recurrent unit: one state, two gates.", forms: ["gated recurrent unit"]),
    Term("update gate", "How much of the GRU's old state stays."),
    Term("reset gate", "How much of the old state the GRU's candidate gets to see."),
    Term("feed-forward", "Without a state: each answer comes of its own input alone."),
  ]

  private static let modules: [Term] = [
    Term(
      "module", "A part of a network: an object with parameters that is called like a function."),
    Term("bidirectional", "With one layer reading from each end."),
    Term(
      "deep network", "Layers on top of one another, each reading the outputs of the one below."),
    Term(
      "Kaiming initialization",
      "Normal weights with a variance of 2 over the number of inputs, made for ReLU layers."),
    Term("embedding", "A table with a row of numbers for each token, learned with the rest."),
    Term("word vector", "A word's row of an embedding."),
    Term("cosine similarity", "The cosine of the angle between two vectors: 1 for one direction."),
    Term("principal component", "A direction in which points differ most."),
    Term(
      "pointwise mutual information",
      "The logarithm of how many times more often two words meet than by chance."),
    Term(
      "callback",
      "What a trainer calls at each epoch: to stop, to keep weights, to change a rate."),
    Term("greedy decoding", "Always going on with the likeliest token."),
    Term("sampling", "Drawing the next token with the probabilities that a model gives."),
    Term(
      "temperature", "What scores are divided by before the softmax: low is sure, high is wild."),
    Term("safetensors", "A file format for weights."),
    Term("ONNX", "A file format for whole computations."),
  ]

  private static let applications: [Term] = [
    Term(
      "softmax regression", "A weight for each input and class, and a softmax: no hidden units."),
    Term(
      "F1 score", "The harmonic mean of what is found of a class and what of the found is right."),
    Term("bag of words", "A text as the counts of its words, without their order."),
    Term(
      "mel spectrogram",
      "How loud a sound is by time and by bands of frequency, as the ear has them."),
    Term(
      "edit distance", "How many insertions, deletions and changes make one sequence the other."),
    Term("naive Bayes", "A classifier that takes features for independent within each class."),
    Term("encoder", "The network that reads what is to be translated or told."),
    Term("decoder", "The network that writes the answer, step by step."),
    Term(
      "attention",
      "A weighted mean over all that was read, with weights chosen at each step anew."),
    Term("teacher forcing", "Training a decoder on the true past instead of its own."),
    Term("beam search", "Keeping the few likeliest beginnings at every step instead of one."),
    Term("top k", "Sampling among the $k$ likeliest tokens alone."),
    Term(
      "nucleus sampling",
      "Sampling among the fewest tokens that reach a given probability together.",
      forms: ["nucleus"]),
    Term(
      "conditional random field", "A model that scores a whole row of tags, neighbors included."),
    Term("forward algorithm", "Sums over all paths, step by step."),
    Term("Viterbi's algorithm", "Finds the best path, step by step.", forms: ["Viterbi's"]),
    Term(
      "connectionist temporal classification",
      "A loss over all ways to spread few labels over many steps.",
      forms: ["CTC"]),
    Term("blank", "The label of connectionist temporal classification that says nothing."),
    Term(
      "dynamic time warping",
      "The distance of two sequences, the time of either stretched at best."),
  ]
}
