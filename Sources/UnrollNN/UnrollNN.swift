@_exported import Forecasting
@_exported import ONNX
// Training brings Arrays, Autograd, NN, Optim and Sequences with it.
@_exported import Training
