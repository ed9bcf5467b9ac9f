# Below and above a middle: blue, nearly white, vermilion.
set palette defined (0 '#0d3f6e', 1 '#2f7fbd', 2 '#9cc8e4', 3 '#f6f5f2', 4 '#f4bd94', 5 '#dc6b26', 6 '#8a2f06')
