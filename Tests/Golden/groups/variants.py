"""LSTM with peepholes (Gers & Schmidhuber 2000) and with coupled gates, written out by equation.

PyTorch has neither, so the layer is here: time step by time step and sample by sample, with
nothing shared between the steps of the two directions. Without a variant it must agree with
`torch.nn.LSTM`, which is asserted before any case is written.
"""

import torch
from torch import nn

from golden import SEED
from groups.recurrent import combinations, over_lengths, whole

VARIANTS = [
    {"peephole": True, "coupled": False}, {"peephole": False, "coupled": True},
    {"peephole": True, "coupled": True},
]


class LSTM(nn.Module):
    """Takes what `torch.nn.LSTM` takes, packed sequences included; returns the same."""

    def __init__(self, input_size, hidden_size, num_layers=1, bias=True, batch_first=False,
                 dropout=0.0, bidirectional=False, peephole=False, coupled=False):
        super().__init__()
        self.hidden_size, self.num_layers, self.bias = hidden_size, num_layers, bias
        self.batch_first, self.peephole, self.coupled = batch_first, peephole, coupled
        self.directions = ["", "_reverse"] if bidirectional else [""]
        rows = (3 if coupled else 4) * hidden_size
        for layer in range(num_layers):
            width = input_size if layer == 0 else hidden_size * len(self.directions)
            for direction in self.directions:
                shapes = {"weight_ih": (rows, width), "weight_hh": (rows, hidden_size)}
                if bias:
                    shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
                for gate in ("" if not peephole else "fo" if coupled else "ifo"):
                    shapes[f"weight_c{gate}"] = (hidden_size,)
                for name, shape in shapes.items():
                    parameter = nn.Parameter(torch.zeros(shape))
                    self.register_parameter(f"{name}_l{layer}{direction}", parameter)

    def step(self, x, h, c, suffix):
        """One time step of one sample: x [input], h and c [hidden]."""
        weight = lambda name: getattr(self, name + suffix)
        a = weight("weight_ih") @ x + weight("weight_hh") @ h
        if self.bias:
            a = a + weight("bias_ih") + weight("bias_hh")
        sees = lambda gate, cell: weight(f"weight_c{gate}") * cell if self.peephole else 0
        if self.coupled:
            f, g, o = a.chunk(3)
            f = torch.sigmoid(f + sees("f", c))
            i = 1 - f
        else:
            i, f, g, o = a.chunk(4)
            f = torch.sigmoid(f + sees("f", c))
            i = torch.sigmoid(i + sees("i", c))
        c = f * c + i * torch.tanh(g)
        o = torch.sigmoid(o + sees("o", c))
        return o * torch.tanh(c), c

    def sequence(self, x, h_0, c_0):
        """All layers over one sample: x [time, input], h_0 and c_0 [layer · direction, hidden]."""
        last = []
        for layer in range(self.num_layers):
            outputs = []
            for direction in self.directions:
                h, c = h_0[len(last)], c_0[len(last)]
                steps = [None] * len(x)
                order = range(len(x)) if direction == "" else reversed(range(len(x)))
                for t in order:
                    h, c = self.step(x[t], h, c, f"_l{layer}{direction}")
                    steps[t] = h
                outputs.append(torch.stack(steps))
                last.append((h, c))
            x = torch.cat(outputs, 1)
        return x, torch.stack([h for h, _ in last]), torch.stack([c for _, c in last])

    def forward(self, given, state=None):
        if isinstance(given, nn.utils.rnn.PackedSequence):
            padded, lengths = nn.utils.rnn.pad_packed_sequence(given, batch_first=True)
            output, last = self.batch(padded, state, lengths)
            packed = nn.utils.rnn.pack_padded_sequence(
                output, lengths, batch_first=True, enforce_sorted=False)
            return packed, last
        if given.dim() == 2:
            h_0, c_0 = state or 2 * [self.zeros()]
            output, h, c = self.sequence(given, h_0, c_0)
            return output, (h, c)
        samples = given if self.batch_first else given.transpose(0, 1)
        output, last = self.batch(samples, state, [samples.shape[1]] * len(samples))
        return output if self.batch_first else output.transpose(0, 1), last

    def batch(self, samples, state, lengths):
        """samples [batch, time, input]; each over its own length, padded with zeros again."""
        results = []
        for b, length in enumerate(lengths):
            h_0, c_0 = (s[:, b] for s in state) if state else 2 * [self.zeros()]
            results.append(self.sequence(samples[b, :length], h_0, c_0))
        output = nn.utils.rnn.pad_sequence([r[0] for r in results], batch_first=True)
        return output, tuple(torch.stack([r[n] for r in results], 1) for n in (1, 2))

    def zeros(self):
        return torch.zeros(self.num_layers * len(self.directions), self.hidden_size,
                           dtype=self.weight_ih_l0.dtype)


def check_against_pytorch():
    torch.manual_seed(SEED)
    for both in [False, True]:
        theirs = nn.LSTM(3, 2, 2, bidirectional=both).double()
        ours = LSTM(3, 2, 2, bidirectional=both).double()
        ours.load_state_dict(theirs.state_dict())
        rows = 4 if both else 2
        input = torch.randn(4, 3, 3).double()
        state = (torch.randn(rows, 3, 2).double(), torch.randn(rows, 3, 2).double())
        lengths = torch.tensor([2, 4, 1])
        for run in [lambda m: m(input, state), lambda m: m(input), lambda m: m(input[:, 0]),
                    lambda m: over_lengths(lambda given: m(given, state), input, lengths, False)]:
            (a, (b, c)), (d, (e, f)) = run(ours), run(theirs)
            for x, y in [(a, d), (b, e), (c, f)]:
                torch.testing.assert_close(x, y, rtol=1e-13, atol=1e-13)


def cases():
    check_against_pytorch()
    yield from combinations(nn.LSTM, VARIANTS, layer_counts=(1, 2), tables=["full", "unsorted"],
                            build=LSTM)
    for variant in VARIANTS:
        for name, sizes, options, silent in [
            ("wide", (3, 5, 7, 9), {}, []), ("one long sequence", (40, 1, 1, 2), {}, []),
            ("gradient of c_n alone", (4, 2, 3, 2), {"num_layers": 2}, ["output", "h_n"]),
            ("a single sample without a batch axis", (3, None, 3, 2), {}, []),
        ]:
            words = [word for word in variant if variant[word]]
            yield whole(nn.LSTM, sizes, {**options, **variant}, silent=silent, build=LSTM,
                        name=", ".join([*words, name]))
