@_exported import Datasets
@_exported import Notebook
@_exported import UnrollFigures
@_exported import UnrollNN
