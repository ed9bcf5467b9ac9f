@_exported import Arrays
@_exported import Autograd
@_exported import NN
@_exported import Optim
@_exported import Sequences
@_exported import Training
@_exported import Figures
@_exported import Notebook
