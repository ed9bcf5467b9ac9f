# Boxes, circles and arrows on a plane without axes, both directions in the same unit.
unset grid
unset border
unset tics
unset key
set size ratio -1
set lmargin 1
set rmargin 1
set bmargin 0.5
