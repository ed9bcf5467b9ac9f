# Ink on paper: 0 is white, the largest value black.
set palette defined (0 '#ffffff', 1 '#101418')
