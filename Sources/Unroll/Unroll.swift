// Training brings Arrays, Autograd, NN, Optim and Sequences with it.
@_exported import Datasets
@_exported import Figures
@_exported import Notebook
@_exported import ONNX
@_exported import Training
